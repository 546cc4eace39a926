import Sandbox

extension Job {
    /// As the worker reaches its files: the original is open already, and the folder for what is made is where it lives. What lies
    /// above of both it may not even pass through.
    func inWorker(_ outlet: Outlet) -> Job {
        var job = self
        job.original = outlet.path(original)
        job.folder = "."
        return job
    }
}

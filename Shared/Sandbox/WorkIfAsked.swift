internal import FoundationEssentials
internal import Glibc

/// For the top of `main.swift`, before there are threads. Unless this process was started as a worker of this mode it does nothing.
/// Else the process shuts itself in, does the work it is given, and ends.
/// - Parameter work: what it throws is written to standard error, and the worker fails. What the service is to know goes through
///   the outlet, which also tells how the files are reached that it may read.
package func workIfAsked<Job: Decodable>(_ mode: String, _ work: (Job, Outlet) throws -> Void) {
    guard Array(CommandLine.arguments.dropFirst()) == [WorkerOrder.flag, mode] else { return }
    var outlet = Outlet()
    do {
        let order = try JSONDecoder().decode(WorkerOrder.self, from: Data(standardInput()))
        // What its user may open can be less than the service's: files are opened before it becomes somebody else.
        outlet.open(order.files.readable)
        let missing = try Confinement.enter(order.files, order.limits, parent: order.parent)
        if let job = order.job {
            try work(try JSONDecoder().decode(Job.self, from: job), outlet)
        } else {
            try outlet.send(missing)
        }
    } catch {
        let line = Array("\(error)\n".utf8)
        _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
        exit(1)
    }
    exit(0)
}

private func standardInput() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = read(0, &buffer, buffer.count)
        if count > 0 { bytes += buffer.prefix(count) } else if count == 0 || errno != EINTR { return bytes }
    }
}

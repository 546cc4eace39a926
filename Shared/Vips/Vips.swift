internal import CVips

/// The process-wide side of libvips.
package enum Vips {
    /// The `vips_init` of this process, run once.
    private static let initialised: Result<Void, VipsError> = {
        guard VipsModules.start() else { return .failure(.taken(.other)) }
        vips_block_untrusted_set(1)
        vips_cache_set_max(0)
        vips_concurrency_set(1)
        mr_silence_warnings()
        return .success(())
    }()

    /// Starts libvips with every loader blocked that its authors call untrusted, and without its operation cache, which
    /// would keep users' pictures in memory. Without it the first file starts libvips in the same way.
    /// - Parameter threadsPerOperation: 1 is the most economical where many pictures are worked on at once.
    package static func start(threadsPerOperation: Int = 1) throws(VipsError) {
        try requireStarted()
        vips_concurrency_set(Int32(clamping: max(1, threadsPerOperation)))
    }

    /// For example `8.14.1`. Another release may encode the same pixels differently.
    package static var version: String { vips_version_string().map { String(cString: $0) } ?? "" }

    static func requireStarted() throws(VipsError) { try initialised.get() }

    /// For the end of the process; libvips cannot be started again after it.
    package static func shutdown() { vips_shutdown() }

    /// The most bytes that libvips has held for pixels at one time since the process started.
    package static var peakMemory: Int { vips_tracked_get_mem_highwater() }

    /// Bytes that libvips holds for pixels now.
    package static var memory: Int { vips_tracked_get_mem() }
}

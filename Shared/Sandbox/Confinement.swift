internal import CSandbox
internal import Glibc

/// How a process gives away what it will not need, so that whoever takes it over through a hostile file has little of it.
///
/// The limits and the filter of system calls must hold. A network namespace and Landlock are had where kernel and rights allow: the
/// filter forbids sockets all the same.
enum Confinement {
    static func enter(_ files: WorkerFiles, _ limits: WorkerLimits) throws(WorkerError) {
        try require(mr_die_with_parent(), "to die with its service")
        try require(chdir(files.directory), "its folder")
        _ = mr_leave_network()
        restrict(files)
        // A file that grows too long is an error of its writer, not a crash.
        signal(SIGXFSZ, SIG_IGN)
        try require(mr_limit(mr_resource_core, 0), "no core")
        try require(mr_limit(mr_resource_cpu, UInt64(max(1, limits.cpuSeconds))), "time")
        try require(mr_limit(mr_resource_file_size, UInt64(max(0, limits.fileSize))), "file size")
        try require(mr_limit(mr_resource_files, UInt64(max(8, limits.openFiles))), "open files")
        try require(mr_forbid_calls(), "the filter of system calls")
        try require(mr_limit(mr_resource_memory, UInt64(max(64 << 20, limits.memory))), "memory")
    }

    private static func require(_ status: Int32, _ what: String) throws(WorkerError) {
        guard status == 0 else { throw WorkerError(.notStarted, "confinement: \(what): error \(errno)") }
    }

    private static func restrict(_ files: WorkerFiles) {
        let rules = mr_files_begin()
        guard rules >= 0 else { return }
        defer { close(rules) }
        for path in files.readable { allow(rules, path, writing: false) }
        for path in files.writable + [files.directory] { allow(rules, path, writing: true) }
        _ = mr_files_end(rules)
    }

    private static func allow(_ rules: Int32, _ path: String, writing: Bool) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        _ = mr_files_allow(rules, path, writing ? 1 : 0, status.st_mode & S_IFMT == S_IFDIR ? 1 : 0)
    }
}

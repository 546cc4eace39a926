internal import CSandbox
internal import Glibc

/// How a process gives away what it will not need, so that whoever takes it over through a hostile file has little of it.
///
/// The limits, the filter of system calls and the loss of all capabilities must hold. The rest is had where kernel and rights allow;
/// what is missing is told, for the filter forbids sockets and other processes all the same.
enum Confinement {
    /// - Returns: what could not be had, in words for an operator.
    static func enter(_ files: WorkerFiles, _ limits: WorkerLimits, parent: pid_t) throws(WorkerError) -> [String] {
        try require(chdir(files.directory), "its folder")
        var missing: [String] = []
        // Asked before a user namespace makes it seem to be somebody else: on the host it would still be root.
        let (isRoot, isMighty) = (geteuid() == 0, mr_is_mighty_root() != 0)
        if mr_leave_network(isMighty ? 0 : 1) != 0 {
            missing.append("no network namespace of its own (its system calls are filtered all the same)")
        }
        if !restrict(files, limits) { missing.append("no Landlock: it could open whatever files its user may open") }
        let isNobody = try giveAwayRights(files, becomingNobody: isMighty)
        if isRoot && !isNobody { missing.append("it stays what the service is: root, without capabilities") }
        // Whoever changes its user is forgotten by the kernel here, so only now.
        try require(mr_die_with_parent(parent), "to die with its service")
        try limit(limits)
        return missing
    }

    private static func limit(_ limits: WorkerLimits) throws(WorkerError) {
        // A file that grows too long is an error of its writer, not a crash.
        signal(SIGXFSZ, SIG_IGN)
        try require(mr_limit(mr_resource_core, 0), "no core")
        try require(mr_limit(mr_resource_cpu, UInt64(max(1, limits.cpuSeconds))), "time")
        try require(mr_limit(mr_resource_file_size, UInt64(max(0, limits.fileSize))), "file size")
        try require(mr_limit(mr_resource_files, UInt64(max(8, limits.openFiles))), "open files")
        try require(mr_allow_calls(limits.hasGraphics ? 1 : 0), "the filter of system calls")
        // A card's library reserves more address space than there is memory.
        let memory = limits.hasGraphics ? mr_resource_data : mr_resource_memory
        try require(mr_limit(memory, UInt64(max(64 << 20, limits.memory))), "memory")
    }

    private static func require(_ status: Int32, _ what: String) throws(WorkerError) {
        guard status == 0 else { throw WorkerError(.notStarted, "confinement: \(what): error \(errno)") }
    }

    /// A service that is root has workers that are nobody; their folder becomes theirs.
    /// - Returns: whether it is nobody now.
    private static func giveAwayRights(_ files: WorkerFiles, becomingNobody: Bool) throws(WorkerError) -> Bool {
        mr_bound_capabilities()
        var isNobody = false
        if becomingNobody {
            for path in [files.directory] + files.writable { lchown(path, uid_t(mr_nobody), gid_t(mr_nobody)) }
            isNobody = mr_become_nobody() == 0
        }
        try require(mr_drop_capabilities(), "no capabilities")
        return isNobody
    }

    private static func restrict(_ files: WorkerFiles, _ limits: WorkerLimits) -> Bool {
        let rules = mr_files_begin()
        guard rules >= 0 else { return false }
        defer { close(rules) }
        for path in files.readable { allow(rules, path, writing: false) }
        for path in files.writable + [files.directory] { allow(rules, path, writing: true) }
        if limits.hasGraphics {
            for path in Graphics.readable { allow(rules, path, writing: false) }
            for path in Graphics.devices { allow(rules, path, writing: true) }
        }
        return mr_files_end(rules) == 0
    }

    private static func allow(_ rules: Int32, _ path: String, writing: Bool) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        _ = mr_files_allow(rules, path, writing ? 1 : 0, status.st_mode & S_IFMT == S_IFDIR ? 1 : 0)
    }
}

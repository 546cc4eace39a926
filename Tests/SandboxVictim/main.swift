// A worker that misbehaves in every way that a test asks for.
import Dispatch
import FoundationEssentials
import Glibc
import Sandbox

/// What to do, with one argument.
struct Deed: Codable {
    let name: String
    var argument = ""
}

workIfAsked("victim") { (deed: Deed, outlet) in
    /// How a system call went.
    func report(_ result: Int) throws { try outlet.send(result < 0 ? "error \(errno)" : "done") }

    switch deed.name {
    case "echo":
        print("libraries print")
        for word in deed.argument.split(separator: " ") { try outlet.send(String(word)) }
    case "variables":
        try outlet.send(ProcessInfo.processInfo.environment.keys.sorted().joined(separator: " "))
    case "descriptors":
        let open = (0..<1000).filter { fcntl($0, F_GETFD) >= 0 }
        try outlet.send(open.map(String.init).joined(separator: " "))
    case "group": try outlet.send("\(getpgid(0) == getpid())")
    case "spin": while true {}
    case "sleep":
        try outlet.send("\(getpid())")
        while true { sleep(1000) }
    case "swallow":
        for _ in 0..<1000 {
            guard let block = malloc(64 << 20) else { break }
            memset(block, 1, 64 << 20)
        }
        try report(-1)
    case "segfault": UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
    case "trap": _ = [1][Int(deed.argument) ?? 1]
    case "complain":
        _ = "the last words\n".withCString { write(2, $0, 15) }
        exit(3)
    case "suicide":
        signal(SIGTERM, SIG_DFL)
        raise(SIGKILL)
    case "mumble": _ = "no JSON\n".withCString { write(3, $0, 8) }
    case "chatter": for _ in 0..<1_000_000 { try outlet.send(String(repeating: "x", count: 1000)) }
    case "wail": while true { _ = String(repeating: "o", count: 60_000).withCString { write(2, $0, 60_000) } }
    case "socket": try report(Int(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)))
    case "local socket": try report(Int(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)))
    case "interfaces":
        try outlet.send(String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/net/dev")), as: UTF8.self))
    case "fork": try report(syscall57())
    case "program":
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/true"), nil]
        try outlet.send("error \(posix_spawn(&pid, "/bin/true", nil, nil, &arguments, nil))")
    case "call":
        let numbers = deed.argument.split(separator: " ").compactMap { Int($0) }
        try report(systemCall(numbers))
    case "calls":
        let refused = deed.argument.split(separator: " ").compactMap { Int($0) }.filter { number in
            systemCall([number, -1, -1, -1, -1, -1, -1]) >= 0 || (errno != EPERM && errno != ENOSYS)
        }
        try outlet.send(refused.map(String.init).joined(separator: " "))
    case "own signal": try report(systemCall([SYS.tgkill, Int(getpid()), Int(getpid()), 0]))
    case "code":
        let page = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        try report(Int(mprotect(page, 4096, PROT_READ | PROT_EXEC)))
    case "status":
        try outlet.send(String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/status")), as: UTF8.self))
    case "parent": try outlet.send("\(getppid())")
    case "read given":
        let descriptor = Int32(outlet.path(deed.argument).split(separator: "/").last ?? "") ?? -1
        var byte: UInt8 = 0
        try report(read(descriptor, &byte, 1))
    case "kill": try report(Int(kill(pid_t(deed.argument) ?? 0, SIGKILL)))
    case "thread":
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) { usleep(1000) }
        group.wait()
        try outlet.send("done")
    case "read": try report(Int(open(deed.argument, O_RDONLY)))
    case "write": try report(Int(open(deed.argument, O_RDWR | O_CREAT, 0o600)))
    case "fill":
        let file = open(deed.argument, O_RDWR | O_CREAT, 0o600)
        let block = [UInt8](repeating: 1, count: 1 << 20)
        var result = 0
        for _ in 0..<100 where result >= 0 { result = write(file, block, block.count) }
        try report(result)
    case "files":
        var result: Int32 = 0
        while result >= 0 { result = dup(0) }
        try report(-1)
    default: exit(9)
    }
}

/// Any system call, by its number and arguments.
func systemCall(_ numbers: [Int]) -> Int {
    typealias Call = @convention(c) (Int, Int, Int, Int, Int, Int, Int) -> Int
    guard let symbol = dlsym(nil, "syscall") else { return 0 }
    let n = numbers + Array(repeating: 0, count: max(0, 7 - numbers.count))
    return unsafeBitCast(symbol, to: Call.self)(n[0], n[1], n[2], n[3], n[4], n[5], n[6])
}

enum SYS {
    #if arch(x86_64)
        static let tgkill = 234
    #else
        static let tgkill = 131
    #endif
}

/// fork(2), which Swift does not show.
func syscall57() -> Int {
    typealias Fork = @convention(c) () -> pid_t
    let symbol = dlsym(nil, "fork")
    return symbol.map { Int(unsafeBitCast($0, to: Fork.self)()) } ?? 0
}

exit(8)

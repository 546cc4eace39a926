import Foundation

/// Where the package and the executables under test are.
enum Build {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of this test's own executable, which SwiftPM shares with the services.
    static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    static func environment(state: String, port: Int) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("MILLRACE_") }
        environment["MILLRACE_BIN"] = products.path
        environment["MILLRACE_STATE"] = state
        environment["PORT"] = String(port)
        return environment
    }

    /// Runs one of the package's executables or scripts to its end.
    static func run(_ path: String, _ arguments: [String] = [], environment: [String: String]) throws -> (
        status: Int32, output: String
    ) {
        let process = Process()
        process.executableURL = path.hasPrefix("Tools/") ? root.appending(path: path) : products.appending(path: path)
        process.arguments = arguments
        process.environment = environment
        return try process.runToItsEnd()
    }
}

extension Process {
    /// - Returns: how it ended, and all that it said.
    func runToItsEnd() throws -> (status: Int32, output: String) {
        let pipe = Pipe()
        standardOutput = pipe
        standardError = pipe
        standardInput = FileHandle.nullDevice
        try runHearingSignals()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        waitUntilExit()
        return (terminationStatus, output)
    }

    /// Threads of a Swift process block signals, and children inherit that: a shell would never hear of its own child's end.
    func runHearingSignals() throws {
        var (none, old) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &old)
        defer { pthread_sigmask(SIG_SETMASK, &old, nil) }
        try run()
    }
}

/// Whether nobody listens on a loopback port.
func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0
        }
    }
}

import Foundation

/// Clients that other people wrote, from PyPI, in an environment of their own below `.build`.
enum Python {
    private static let folder = Build.root.appending(path: ".build/python")

    /// Runs a script to its end.
    /// - Parameter packages: with their versions; installed where they are not yet.
    static func run(
        _ script: String, _ arguments: [String], packages: [String]
    ) throws -> (status: Int32, output: String) {
        try install(packages)
        return try call(folder.appending(path: "bin/python"), ["-c", script] + arguments)
    }

    /// Starts a module; it ends with `terminate()`.
    static func start(_ arguments: [String], packages: [String]) throws -> Process {
        try install(packages)
        let process = Process()
        process.executableURL = folder.appending(path: "bin/python")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.runHearingSignals()
        return process
    }

    private static func install(_ packages: [String]) throws {
        let note = folder.appending(path: packages.joined(separator: "+"))
        guard !FileManager.default.fileExists(atPath: note.path) else { return }
        let venv = try call(URL(filePath: "/usr/bin/python3"), ["-m", "venv", folder.path])
        guard venv.status == 0 else { throw StackError(description: venv.output) }
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"] + packages
        let installed = try call(folder.appending(path: "bin/python"), pip)
        guard installed.status == 0 else { throw StackError(description: installed.output) }
        try Data().write(to: note)
    }

    private static func call(_ program: URL, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        return try process.runToItsEnd()
    }
}

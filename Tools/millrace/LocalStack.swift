import FoundationEssentials
import Launch

/// What `make up` leaves in its state folder (`MILLRACE_STATE`; `.millrace`) for the operator on the same machine.
enum LocalStack {
    private static let left: [String: String] = {
        let folder = MillraceCLI.environment("MILLRACE_STATE") ?? ".millrace"
        guard let bytes = try? Data(contentsOf: URL(filePath: folder + "/environment")) else { return [:] }
        let pairs = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line -> (String, String)? in
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }()

    /// The variables of the environment; those that are not set there, as the local stack was started.
    static let variables = left.merging(ProcessInfo.processInfo.environment) { $1.isEmpty ? $0 : $1 }
    static let environment = Environment(variables)
}

import FoundationEssentials

/// An empty directory of its own below the system's temporary directory.
package struct TemporaryDirectory: Sendable {
    package let path: String

    package init() {
        path = FileManager.default.temporaryDirectory.appending(path: "millrace-test-\(UUID().uuidString)").path
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            preconditionFailure("cannot make a temporary directory: \(error)")
        }
    }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }
}

import Foundation

/// Makes a directory what a file store wants of one that plays cold storage.
/// - Returns: its path.
@discardableResult
package func coldDirectory(_ path: String) throws -> String {
    for name in ["objects", "temporary"] {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
    }
    return path
}

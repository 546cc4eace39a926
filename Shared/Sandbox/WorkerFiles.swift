/// The files that a worker may touch; the kernel refuses all others (where it has Landlock).
package struct WorkerFiles: Sendable, Hashable, Codable {
    /// Where it lives and may write: a folder of its own.
    package var directory: String
    /// Files and folders that it may read.
    package var readable: [String]
    /// Further files and folders that it may write.
    package var writable: [String]

    package init(directory: String, readable: [String] = [], writable: [String] = []) {
        self.directory = directory
        self.readable = readable
        self.writable = writable
    }
}

/// What a worker may use before the kernel, or we, end it.
package struct WorkerLimits: Sendable, Hashable, Codable {
    /// Seconds of processor time, over all its threads.
    package var cpuSeconds: Int
    /// Bytes of address space: memory, and what is only reserved.
    package var memory: Int
    /// Bytes of the largest file that it may write.
    package var fileSize: Int
    package var openFiles: Int
    /// Seconds from its start.
    package var wallSeconds: Double
    /// Bytes of all its messages.
    package var messageBytes: Int
    /// Whether it may talk to a graphics card, whose library needs calls and files that others do not have.
    package var hasGraphics = false

    package init(
        cpuSeconds: Int = 60, memory: Int = 2 << 30, fileSize: Int = 0, openFiles: Int = 64, wallSeconds: Double = 120,
        messageBytes: Int = 16 << 20
    ) {
        self.cpuSeconds = cpuSeconds
        self.memory = memory
        self.fileSize = fileSize
        self.openFiles = openFiles
        self.wallSeconds = wallSeconds
        self.messageBytes = messageBytes
    }
}

/// Lines out of pieces, as they come through a pipe.
struct LineReader {
    private var rest: [UInt8] = []
    private var left: Int

    /// - Parameter limit: bytes of all lines together.
    init(limit: Int) { left = limit }

    mutating func take(_ bytes: [UInt8]) throws(WorkerError) -> [[UInt8]] {
        left -= bytes.count
        guard left >= 0 else { throw WorkerError(.failed, "the worker says too much") }
        rest += bytes
        guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        let lines = rest[..<end].split(separator: UInt8(ascii: "\n")).map(Array.init)
        rest.removeSubrange(...end)
        return lines
    }
}

/// Lines out of pieces, as they come through a pipe.
struct LineReader {
    /// The beginning of a line whose end has not come.
    private var rest: [UInt8] = []
    private var left: Int

    /// - Parameter limit: bytes of all lines together.
    init(limit: Int) { left = limit }

    mutating func take(_ bytes: [UInt8]) throws(WorkerError) -> [[UInt8]] {
        left -= bytes.count
        guard left >= 0 else { throw WorkerError(.failed, "the worker says too much") }
        // Only what is new is searched: a long line comes in many pieces.
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            rest += bytes
            return []
        }
        let lines = (rest + bytes[..<end]).split(separator: UInt8(ascii: "\n")).map(Array.init)
        rest = Array(bytes[(end + 1)...])
        return lines
    }
}

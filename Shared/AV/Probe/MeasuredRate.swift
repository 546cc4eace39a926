/// How a film's frames follow each other, measured over the packets at its beginning and in its middle.
package struct MeasuredRate: Sendable, Hashable, Codable {
    /// The mean.
    package let framesPerSecond: Double
    /// That of the quarter of the frames that follow each other most quickly: without what stands still.
    package let movingFramesPerSecond: Double
    /// Whether more than one frame in a hundred is longer or shorter than the others, or the middle runs at another rate.
    package let isVariable: Bool
    /// How many frames were looked at.
    package let frames: Int

    /// Nil where there are not two frames with different times.
    package init?(of index: Int, in source: borrowing Source) throws(AVError) {
        let start = try Self.times(of: index, in: source, from: 0)
        let middle = try Self.times(of: index, in: source, from: 0.5)
        let windows = [start, middle].compactMap(\.self)
        let tick = source.streams[index].timeBase.value
        let gaps = windows.map { window in zip(window.dropFirst(), window).map { Int($0 - $1) } }.filter { !$0.isEmpty }
        let all = gaps.flatMap(\.self).sorted()
        let sum = all.reduce(0.0) { $0 + Double($1) }
        guard sum > 0 else { return nil }
        let usual = all[all.count / 2]
        let means = gaps.map { $0.reduce(0.0) { $0 + Double($1) } / Double($0.count) }
        let odd = all.count { abs($0 - usual) > max(1, usual / 10) }
        let drift = (means.max() ?? 0) - (means.min() ?? 0)
        framesPerSecond = Double(all.count) / (sum * tick)
        movingFramesPerSecond = Self.mean(of: all, near: all[all.count / 4]) / tick
        isVariable = odd * 100 > all.count || drift > max(0.5, sum / Double(all.count) / 50)
        frames = all.count + gaps.count
    }

    /// Gaps a tick, of those that are about as long as one of them.
    private static func mean(of gaps: [Int], near gap: Int) -> Double {
        let near = gaps.filter { abs($0 - gap) <= max(1, gap / 10) }
        return Double(near.count) / near.reduce(0.0) { $0 + Double($1) }
    }

    /// The times at which frames are shown, in ticks and in order, from a share of the duration on; nil where it cannot be sought.
    private static func times(of index: Int, in source: borrowing Source, from share: Double) throws(AVError) -> [Int64]? {
        guard share == 0 ? source.rewind() : seek(source, index, share) else { return nil }
        source.select([index])
        let packet = try Packet()
        var (times, bytes): (Set<Int64>, Int) = ([], 0)
        var first: Int64?
        while times.count < maxFrames, bytes < maxBytes, try source.readOrEnd(into: packet) {
            bytes += packet.size
            guard let time = packet.time ?? packet.decodingTime, abs(time) < 1 << 62 else { continue }
            first = first ?? time
            // Frames that lead into the first key frame are not all there.
            if time >= first ?? time { times.insert(time) }
        }
        let isCut = times.count == maxFrames || bytes >= maxBytes
        return times.sorted().dropLast(isCut ? reordering : 0)
    }

    private static func seek(_ source: borrowing Source, _ index: Int, _ share: Double) -> Bool {
        guard let duration = source.duration, duration > minDuration else { return false }
        return source.seek(to: source.start + duration * share, stream: index)
    }

    private static var maxFrames: Int { 600 }
    private static var maxBytes: Int { 64 << 20 }
    /// Frames at a window's end whose neighbours may come later in the file: at most so many (H.264 and HEVC: 16).
    private static var reordering: Int { 16 }
    /// Seconds; what is shorter is seen from its beginning.
    private static var minDuration: Double { 20 }
}

/// One channel's average and its waves in the upper left triangle of the cosine factors.
struct ThumbHashChannel {
    private(set) var average = 0.0
    /// Scaled into 0…1, with 0.5 for none.
    private(set) var waves: [Double] = []
    /// The strongest wave before scaling.
    private(set) var scale = 0.0

    init(_ values: [Double], width: Int, height: Int, across: Int, down: Int) {
        let columns = (0..<across).map { Self.cosines($0, count: width) }
        let rows = (0..<down).map { Self.cosines($0, count: height) }
        for v in 0..<down {
            for u in 0..<across where u * down < across * (down - v) {
                let factor = Self.factor(values, columns[u], rows[v])
                if u == 0 && v == 0 { average = factor } else { waves.append(factor) }
            }
        }
        scale = waves.reduce(0) { max($0, abs($1)) }
        if scale > 0 { waves = waves.map { [scale] in 0.5 + 0.5 / scale * $0 } }
    }

    private static func cosines(_ frequency: Int, count: Int) -> [Double] {
        (0..<count).map { LibM.cosine(.pi / Double(count) * Double(frequency) * (Double($0) + 0.5)) }
    }

    private static func factor(_ values: [Double], _ columns: [Double], _ rows: [Double]) -> Double {
        var sum = 0.0
        for y in rows.indices {
            for x in columns.indices { sum += values[x + y * columns.count] * columns[x] * rows[y] }
        }
        return sum / Double(columns.count * rows.count)
    }
}

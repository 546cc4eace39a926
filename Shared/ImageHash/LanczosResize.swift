extension GrayImage {
    /// The same bytes as `resize((width, height), LANCZOS)` of Pillow 13, which rounds to 8 bits after each of its two passes:
    /// first across, but down first where that shrinks the image much more.
    func resized(width outputs: Int, height rows: Int) -> GrayImage {
        let isTall = height > rows && height - rows > 2 * (width - outputs)
        return isTall
            ? resizedDown(to: rows).resizedAcross(to: outputs)
            : resizedAcross(to: outputs).resizedDown(to: rows)
    }

    private func resizedAcross(to outputs: Int) -> GrayImage {
        guard outputs != width else { return self }
        let windows = LanczosWindow.windows(from: width, to: outputs)
        let result = [UInt8](unsafeUninitializedCapacity: outputs * height) { buffer, count in
            for y in 0..<height {
                for x in 0..<outputs { buffer[y * outputs + x] = rounded(row: y, windows[x]) }
            }
            count = outputs * height
        }
        return GrayImage(width: outputs, height: height, bytes: result)
    }

    private func rounded(row: Int, _ window: LanczosWindow) -> UInt8 {
        let first = row * width + window.start
        let sum = bytes[first..<first + window.weights.count].withUnsafeBufferPointer { samples in
            window.weights.withUnsafeBufferPointer { weights in
                weights.indices.reduce(Int32(0)) { $0 &+ Int32(samples[$1]) &* weights[$1] }
            }
        }
        return Self.rounded(sum)
    }

    private func resizedDown(to rows: Int) -> GrayImage {
        guard rows != height else { return self }
        var result: [UInt8] = []
        for window in LanczosWindow.windows(from: height, to: rows) {
            var sums = [Int32](repeating: 0, count: width)
            for (offset, weight) in window.weights.enumerated() { add(row: window.start + offset, times: weight, to: &sums) }
            result += sums.map(Self.rounded)
        }
        return GrayImage(width: width, height: rows, bytes: result)
    }

    private func add(row: Int, times weight: Int32, to sums: inout [Int32]) {
        bytes[row * width..<(row + 1) * width].withUnsafeBufferPointer { samples in
            sums.withUnsafeMutableBufferPointer { sums in
                for x in samples.indices { sums[x] &+= Int32(samples[x]) &* weight }
            }
        }
    }

    private static func rounded(_ sum: Int32) -> UInt8 {
        UInt8(clamping: (sum &+ 1 << (LanczosWindow.precision - 1)) >> LanczosWindow.precision)
    }
}

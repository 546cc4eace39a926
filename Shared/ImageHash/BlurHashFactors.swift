extension BlurHash {
    /// The image's cosine factors in linear light, row by row, the average first; the fourth lane is unused.
    ///
    /// Every factor is summed pixel by pixel in single precision, as in the reference; four factors side by side, so that no
    /// addition waits for the one before it.
    static func cosineFactors(of image: RGBImage, x: Int, y: Int) -> [SIMD4<Float>] {
        let groups = (0..<(x + 3) / 4).map { group in cosines(from: 4 * group, over: image.width) }
        let down = (0..<y).map { j in (0..<image.height).map { cosine(j, at: $0, of: image.height) } }
        var sums = [[FourSums]](repeating: [FourSums](repeating: FourSums(), count: groups.count), count: y)
        var light = [SIMD4<Float>](repeating: .zero, count: image.width)
        for row in 0..<image.height {
            readLight(of: image, row: row, into: &light)
            for j in 0..<y {
                for group in groups.indices { sums[j][group].add(light, groups[group], weight: down[j][row]) }
            }
        }
        let factors = sums.flatMap { row in row.flatMap(\.all).prefix(x) }
        return factors.enumerated().map { $1 * (($0 == 0 ? 1 : 2) / Float(image.width * image.height)) }
    }

    /// For each of `length` positions, the cosines of four frequencies.
    private static func cosines(from first: Int, over length: Int) -> [SIMD4<Float>] {
        (0..<length).map { position in
            let four = (0..<4).map { cosine(first + $0, at: position, of: length) }
            return SIMD4(four[0], four[1], four[2], four[3])
        }
    }

    private static func cosine(_ frequency: Int, at position: Int, of length: Int) -> Float {
        LibM.cosine(Float(.pi * Double(frequency) * Double(position) / Double(length)))
    }

    private static func readLight(of image: RGBImage, row: Int, into light: inout [SIMD4<Float>]) {
        let start = row * image.width * image.bands
        image.bytes[start..<start + image.width * image.bands].withUnsafeBufferPointer { bytes in
            LinearLight.fromByte.withUnsafeBufferPointer { table in
                for x in 0..<image.width {
                    let first = x * image.bands
                    light[x] = SIMD4(table[Int(bytes[first])], table[Int(bytes[first + 1])], table[Int(bytes[first + 2])], 0)
                }
            }
        }
    }
}

/// The sums of four factors.
private struct FourSums {
    private var a = SIMD4<Float>.zero
    private var b = SIMD4<Float>.zero
    private var c = SIMD4<Float>.zero
    private var d = SIMD4<Float>.zero

    var all: [SIMD4<Float>] { [a, b, c, d] }

    /// A row of colours, each weighted by its four cosines.
    mutating func add(_ light: [SIMD4<Float>], _ cosines: [SIMD4<Float>], weight: Float) {
        var (a, b, c, d) = (a, b, c, d)
        for (colour, cosine) in zip(light, cosines) {
            let basis = cosine * weight
            a += colour * basis.x
            b += colour * basis.y
            c += colour * basis.z
            d += colour * basis.w
        }
        (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }
}

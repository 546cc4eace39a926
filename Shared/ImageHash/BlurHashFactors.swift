extension BlurHash {
    /// The image's cosine factors in linear light, row by row, the average first.
    ///
    /// The basis is separable: rows are first summed into one row for each of the `y` cosines, then these across. That is
    /// `y` multiplications a channel, in loops that the compiler vectorises, in place of `x · y`.
    static func cosineFactors(of image: RGBImage, x: Int, y: Int) -> [SIMD3<Double>] {
        let rows = weightedRows(of: image, count: y)
        let pixels = Double(image.width) * Double(image.height)
        return (0..<y).flatMap { j in
            (0..<x).map { i in
                let normalisation: Double = i == 0 && j == 0 ? 1 : 2
                return weightedSum(of: rows[j], cosines: cosines(i, count: image.width)) * (normalisation / pixels)
            }
        }
    }

    private static func cosines(_ frequency: Int, count: Int) -> [Double] {
        (0..<count).map { LibM.cosine(.pi * Double(frequency) * Double($0) / Double(count)) }
    }

    /// For each vertical cosine, all rows of linear light, summed with its weights.
    private static func weightedRows(of image: RGBImage, count: Int) -> [[Double]] {
        let weights = (0..<count).map { cosines($0, count: image.height) }
        var sums = [[Double]](repeating: [Double](repeating: 0, count: image.width * 3), count: count)
        var light = [Double](repeating: 0, count: image.width * 3)
        for row in 0..<image.height {
            readLight(of: image, row: row, into: &light)
            for j in 0..<count { add(light, times: weights[j][row], to: &sums[j]) }
        }
        return sums
    }

    private static func readLight(of image: RGBImage, row: Int, into light: inout [Double]) {
        let start = row * image.width * image.bands
        image.bytes[start..<start + image.width * image.bands].withUnsafeBufferPointer { bytes in
            LinearLight.fromByte.withUnsafeBufferPointer { table in
                light.withUnsafeMutableBufferPointer { light in
                    for x in 0..<image.width {
                        let (from, to) = (x * image.bands, x * 3)
                        light[to] = table[Int(bytes[from])]
                        light[to + 1] = table[Int(bytes[from + 1])]
                        light[to + 2] = table[Int(bytes[from + 2])]
                    }
                }
            }
        }
    }

    private static func add(_ values: [Double], times weight: Double, to sums: inout [Double]) {
        values.withUnsafeBufferPointer { values in
            sums.withUnsafeMutableBufferPointer { sums in
                for index in sums.indices { sums[index] += values[index] * weight }
            }
        }
    }

    private static func weightedSum(of row: [Double], cosines: [Double]) -> SIMD3<Double> {
        cosines.indices.reduce(into: SIMD3()) { sum, x in
            sum += SIMD3(row[x * 3], row[x * 3 + 1], row[x * 3 + 2]) * cosines[x]
        }
    }
}

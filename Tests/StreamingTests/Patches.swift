@testable import Streaming

/// Bytes of real segments, changed as a broken encoder or muxer would.
extension TestStream {
    /// Adds to every `tfdt` of the file, or only to one.
    func shiftTime(_ path: String, by ticks: Int, onlyFragment wanted: Int? = nil) throws {
        try patch(path) { bytes in
            for (index, moof) in try Box.all(in: bytes[...]).filter({ $0.type == "moof" }).enumerated()
            where wanted ?? index == index {
                let time = try moof.children().path("traf").need("tfdt")
                let start = time.range.lowerBound + 12
                let size = time.payload.first == 1 ? 8 : 4
                let value = bytes[start..<start + size].reduce(0) { $0 << 8 | Int($1) } + ticks
                for offset in 0..<size { bytes[start + offset] = UInt8(truncatingIfNeeded: value >> (8 * (size - 1 - offset))) }
            }
        }
    }

    /// Makes the IDR at the beginning of a fragment an ordinary slice; its I slices stay.
    func demoteIDR(_ path: String, fragment: Int, alsoUnmarked: Bool = false) throws {
        try patch(path) { bytes in
            let boxes = try Box.all(in: bytes[...])
            let (moof, data) = (boxes.filter { $0.type == "moof" }[fragment], boxes.filter { $0.type == "mdat" }[fragment])
            var position = data.payload.startIndex
            while bytes[position + 4] & 31 != 5 {
                position += 4 + bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            }
            bytes[position + 4] = bytes[position + 4] & 0xe0 | 1
            guard alsoUnmarked else { return }
            let run = try moof.children().path("traf").need("trun")
            // Behind version, flags, count and data offset: first_sample_flags; sample_is_non_sync_sample is its bit 16.
            bytes[run.payload.startIndex + 13] |= 1
        }
    }
}

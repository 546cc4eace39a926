/// What a coded frame depends on.
enum FrameKind {
    /// Nothing, and nothing behind it on what was before.
    case idr
    /// Nothing.
    case intra
    case other
}

extension Coding {
    /// - Parameter sample: one coded frame as it lies in `mdat`.
    func kind(of sample: ArraySlice<UInt8>) -> FrameKind {
        switch self {
        case .avc(let lengthSize): NALUnits(sample, lengthSize: lengthSize).avcKind
        case .hevc(let lengthSize): NALUnits(sample, lengthSize: lengthSize).hevcKind
        case .av1: AV1Units(sample).kind
        case .other: .idr
        }
    }
}

/// The units of one AVC or HEVC sample, each behind its length. Source: ISO/IEC 14496-15, 4.3.
private struct NALUnits: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    private let lengthSize: Int

    init(_ sample: ArraySlice<UInt8>, lengthSize: Int) { (rest, self.lengthSize) = (sample, lengthSize) }

    mutating func next() -> ArraySlice<UInt8>? {
        guard rest.count > lengthSize else { return nil }
        let length = rest.prefix(lengthSize).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(lengthSize)
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }

    /// Source: ITU-T H.264, table 7-1 and 7.4.3: types 2, 7 are I slices.
    var avcKind: FrameKind {
        var kind = FrameKind.other
        for unit in self {
            guard let first = unit.first, (1...5).contains(first & 31) else { continue }
            if first & 31 == 5 { return .idr }
            var reader = BitReader(unit.dropFirst())
            _ = reader.golomb()
            guard let slice = reader.golomb(), slice % 5 == 2 else { return .other }
            kind = .intra
        }
        return kind
    }

    /// Source: ITU-T H.265, table 7-1: 16 to 18 and 21 may have leading pictures that depend on what was before.
    var hevcKind: FrameKind {
        for unit in self {
            guard let first = unit.first, first >> 1 & 63 < 32 else { continue }
            switch first >> 1 & 63 {
            case 19, 20: return .idr
            case 16...23: return .intra
            default: return .other
            }
        }
        return .other
    }
}

/// The units of one AV1 sample. Source: AV1 Bitstream & Decoding Process Specification, 5.3, 5.9.
private struct AV1Units {
    private var rest: ArraySlice<UInt8>

    init(_ sample: ArraySlice<UInt8>) { rest = sample }

    var kind: FrameKind {
        var units = self
        while let (type, payload) = units.next() {
            // A frame, or its header alone: it is no repetition, its type is KEY_FRAME, and it is shown.
            guard type == 6 || type == 3, let first = payload.first else { continue }
            return first & 0xf0 == 0x10 ? .idr : .other
        }
        return .other
    }

    private mutating func next() -> (type: UInt8, payload: ArraySlice<UInt8>)? {
        guard let header = rest.first else { return nil }
        rest = rest.dropFirst(header & 4 == 0 ? 1 : 2)
        let size = header & 2 == 0 ? rest.count : leb128()
        defer { rest = rest.dropFirst(size) }
        return (header >> 3 & 15, rest.prefix(size))
    }

    private mutating func leb128() -> Int {
        var value = 0
        for index in 0..<8 {
            guard let byte = rest.popFirst() else { break }
            value |= Int(byte & 0x7f) << (7 * index)
            if byte & 0x80 == 0 { break }
        }
        return value
    }
}

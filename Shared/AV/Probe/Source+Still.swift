internal import CAV

extension Source {
    /// The picture that stands for a film, or the cover of a sound: of a few that are spread over it, the one that is most like
    /// all of them; black ones and such of one colour only where there are no others.
    ///
    /// - Parameter shortSide: of the result, in pixels, unless that would enlarge it.
    /// - Returns: nil where no picture can be decoded.
    package func representative(shortSide: Int) throws(AVError) -> Still? {
        guard let index = mainVideo ?? streams.first(where: { $0.kind == .cover && $0.isDecodable })?.index,
            let picture = streams[index].picture
        else { return nil }
        let stills = try Candidates(index, picture, shortSide).collect(from: self)
        return Representative.pick(stills)
    }
}

/// Finds pictures that may stand for a film.
private struct Candidates {
    private let index: Int
    private let picture: MediaStream.Picture
    private let shortSide: Int

    init(_ index: Int, _ picture: MediaStream.Picture, _ shortSide: Int) {
        self.index = index
        self.picture = picture
        self.shortSide = shortSide
    }

    /// Shares of the duration.
    private static var places: [Double] { [0.1, 0.25, 0.4, 0.55, 0.75] }
    /// How far is decoded from a key frame towards a place.
    private static var patience: Int { 48 }
    /// After so long the pictures that were found are enough.
    private static var time: Duration { .seconds(10) }
    /// Where the file cannot be sought in: every so many frames from its beginning.
    private static var stride: Int { 20 }

    func collect(from source: borrowing Source) throws(AVError) -> [Still] {
        source.select([index])
        var decoder = try Decoder(source, stream: index)
        if source.streams[index].kind == .cover { return try cover(&decoder, source) }
        var stills: [Still] = []
        if let duration = source.duration, duration > 1 {
            let start = ContinuousClock.now
            for place in Self.places where stills.isEmpty || ContinuousClock.now - start < Self.time {
                let time = source.start + duration * place
                guard source.seek(to: time, stream: index) else { break }
                decoder.flush()
                if let still = try next(&decoder, source, until: time) { stills.append(still) }
            }
        }
        return try stills.isEmpty ? fromTheBeginning(&decoder, source) : stills
    }

    private func cover(_ decoder: inout Decoder, _ source: borrowing Source) throws(AVError) -> [Still] {
        let packet = try Packet()
        let frame = try Frame()
        guard try source.readCover(index, into: packet) else { return [] }
        try decoder.send(packet)
        try decoder.finish()
        return try decoder.receive(into: frame) == .frame ? [frame.still(picture, shortSide: shortSide)] : []
    }

    /// The first frame that is not before a time, or the last one there is patience for.
    private func next(_ decoder: inout Decoder, _ source: borrowing Source, until time: Double) throws(AVError) -> Still? {
        let tick = source.streams[index].timeBase.value
        let best = try Frame()
        var count = 0
        try decoder.eachFrame(of: source, stream: index) { frame throws(AVError) in
            count += 1
            let hasArrived = frame.time.map { Double($0) * tick >= time } ?? true
            best.take(frame)
            return !hasArrived && count < Self.patience
        }
        return try count > 0 ? best.still(picture, shortSide: shortSide) : nil
    }

    private func fromTheBeginning(_ decoder: inout Decoder, _ source: borrowing Source) throws(AVError) -> [Still] {
        _ = source.rewind()
        decoder.flush()
        var (stills, count): ([Still], Int) = ([], 0)
        try decoder.eachFrame(of: source, stream: index) { frame throws(AVError) in
            if count % Self.stride == 0 { stills.append(try frame.still(picture, shortSide: shortSide)) }
            count += 1
            return stills.count < Self.places.count
        }
        return stills
    }
}

extension Decoder {
    /// Reads packets and decodes them, for as long as `body` wants more frames.
    fileprivate mutating func eachFrame(
        of source: borrowing Source, stream: Int, _ body: (borrowing Frame) throws(AVError) -> Bool
    ) throws(AVError) {
        let packet = try Packet()
        let frame = try Frame()
        while try source.readOrEnd(into: packet) {
            guard packet.stream == stream else { continue }
            try send(packet)
            while try receive(into: frame) == .frame { if try !body(frame) { return } }
        }
        try finish()
        while try receive(into: frame) == .frame { if try !body(frame) { return } }
        flush()
    }
}

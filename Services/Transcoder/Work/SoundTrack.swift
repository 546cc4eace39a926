import AV

/// One stream of sound while it is made into a rendition: stereo, at one rate, without gaps, from the start of the media to its end.
final class SoundTrack {
    private var decoder: Decoder
    private let tick: Rational
    private let settings: AudioEncoderSettings
    private let segmentSeconds: Double
    private let encoder: Encoder
    private let writer: FragmentWriter
    private let queue: SampleQueue
    private let decoded: Frame
    private let resampled: Frame
    private let packet: Packet
    private var filters: FilterGraph?
    private var shape: FrameShape?
    /// Samples that the encoder has got.
    private var sent = 0
    private var segment = 0
    private var damage = Damage()

    init(
        _ decoder: consuming Decoder, tick: Rational, _ settings: AudioEncoderSettings, segmentSeconds: Double,
        store: @escaping FragmentWriter.Store
    ) throws(AVError) {
        self.decoder = decoder
        self.tick = tick
        self.settings = settings
        self.segmentSeconds = segmentSeconds
        encoder = try Encoder(settings)
        writer = try FragmentWriter(of: encoder, unit: encoder.timeBase, store: store)
        queue = try SampleQueue(settings)
        decoded = try Frame()
        resampled = try Frame()
        packet = try Packet()
    }

    /// Seconds that were given out.
    var seconds: Double { Double(sent + queue.count) / Double(settings.sampleRate) }
    var hasSound: Bool { shape != nil }

    func decode(_ packet: borrowing Packet) throws(AVError) {
        guard !damage.isTooMuch else { return }
        try damage.sparing { () throws(AVError) in
            try decoder.send(packet)
            try take()
        }
    }

    /// Nothing more is decoded.
    func drain() throws(AVError) {
        try damage.sparing { () throws(AVError) in
            try decoder.finish()
            try take()
        }
        try flush()
    }

    /// Ends with the media: filled with silence, or cut.
    func finish(seconds: Double) throws(AVError) {
        let end = Int((seconds * Double(settings.sampleRate)).rounded())
        while sent < end {
            let missing = encoder.frameSize - queue.count
            if missing > 0 { try queue.appendSilence(missing) }
            try encodeFrame()
        }
        try encoder.finish()
        try collect()
        try writer.finish()
    }

    private func take() throws(AVError) {
        while try decoder.receive(into: decoded) == .frame {
            guard decoded.shape.channels <= MediaStream.Sound.maxChannels else { continue }
            decoded.assumeLayout()
            if let time = decoded.time { try bridge(until: Double(time) * tick.value) }
            if filters == nil || decoded.shape != shape {
                try flush()
                filters = try makeFilters()
                shape = decoded.shape
            }
            if let time = decoded.time { decoded.mark = Int(time) }
            try filters?.push(decoded)
            try encode()
        }
    }

    /// Fills a long gap; the filters would hold all of it in memory at once.
    private func bridge(until time: Double) throws(AVError) {
        guard time - seconds > 1 else { return }
        try flush()
        while time - seconds > 0.05 {
            try queue.appendSilence(Int(min(1, time - seconds) * Double(settings.sampleRate)))
            try encodeQueue()
        }
    }

    private func flush() throws(AVError) {
        try filters?.finish()
        try encode()
        filters = nil
    }

    private func encode() throws(AVError) {
        guard let filters else { return }
        while try filters.pull(into: resampled) { try queue.append(resampled) }
        try encodeQueue()
    }

    private func encodeQueue() throws(AVError) {
        while queue.count >= encoder.frameSize { try encodeFrame() }
    }

    private func encodeFrame() throws(AVError) {
        let frame = try queue.take(encoder.frameSize)
        try encoder.send(frame, number: sent)
        sent += frame.samples
        try collect()
    }

    /// What the encoder puts before the first sample is left out: sound begins at 0, as pictures do.
    private func collect() throws(AVError) {
        while try encoder.receive(into: packet) {
            guard let time = packet.time, time >= 0 else { continue }
            let isNext = Double(time) >= Double(segment + 1) * segmentSeconds * Double(settings.sampleRate)
            if isNext { segment += 1 }
            try writer.write(packet, startsSegment: isNext)
        }
    }

    /// Where channels lie in a way that nobody can mix, the first two are taken.
    private func makeFilters() throws(AVError) -> FilterGraph {
        let shape = decoded.shape
        let firstTwo = shape.channels == 1 ? "pan=stereo|c0=c0|c1=c0," : "channelmap=map=0|1:channel_layout=stereo,"
        if shape.channels > 1, shape.hasLayout, let mixing = try? FilterGraph(like: decoded, timeBase: tick, chain("")) {
            return mixing
        }
        return try FilterGraph(like: decoded, timeBase: tick, chain(firstTwo))
    }

    /// Gaps of more than a tenth of a second are filled or cut, what drifts is stretched. Both channels of mono are as loud as the one.
    private func chain(_ stereo: String) -> String {
        // Its times count in the rate of what comes in, so that must be ours already.
        let steady = "async=1000:min_comp=0.03:min_hard_comp=0.1:first_pts=\(sent + queue.count)"
        return stereo + "aresample=\(settings.sampleRate):rematrix_maxval=1,aformat=sample_fmts=fltp:channel_layouts=stereo,"
            + "aresample=\(settings.sampleRate):\(steady),"
            + "aformat=sample_fmts=fltp:sample_rates=\(settings.sampleRate):channel_layouts=stereo"
    }
}

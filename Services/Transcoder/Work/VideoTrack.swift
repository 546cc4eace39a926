import AV

/// One rendition while it is made: scaled, encoded, packed. Its packets are timed in slots of the cadence, as in all others.
final class VideoTrack: PictureConsumer {
    /// Every so many-th slot is a frame of it.
    private let step: Int
    /// Slots from one key frame to the next.
    private let keyInterval: Int
    private let cadence: Cadence
    private let scaler: Scaler
    private let encoder: Encoder
    private let writer: FragmentWriter
    private let scaled: Frame
    private let packet: Packet
    private var hasBegun = false
    /// The slot behind the last one; nil before it is known.
    private var end: Int?
    private var shown = 0

    /// - Parameter settings: their key interval is counted in frames of this rendition.
    init(
        _ settings: VideoEncoderSettings, step: Int, cadence: Cadence, colours: SourceColours, firstSegment: Int = 0,
        store: @escaping FragmentWriter.Store
    ) throws(AVError) {
        self.step = step
        self.cadence = cadence
        keyInterval = settings.keyInterval * step
        scaler = Scaler(width: settings.width, height: settings.height, colours: colours)
        encoder = try Encoder(settings)
        writer = try FragmentWriter(of: encoder, unit: cadence.slotSeconds, firstSegment: firstSegment, store: store)
        scaled = try Frame()
        packet = try Packet()
    }

    func show(_ picture: borrowing Frame, slots: Range<Int>) throws(AVError) {
        shown = slots.upperBound
        let first = (slots.lowerBound + step - 1) / step * step
        guard first < slots.upperBound else { return }
        try scaler.scale(picture, into: scaled)
        for slot in stride(from: first, to: slots.upperBound, by: step) {
            try encoder.send(scaled, number: slot / step, isKey: slot % keyInterval == 0)
            try collect()
        }
    }

    func finish() throws(AVError) {
        end = shown
        try encoder.finish()
        try collect()
        try writer.finish()
    }

    private func collect() throws(AVError) {
        while try encoder.receive(into: packet) {
            packet.divideUnit(by: step, end: end)
            let startsSegment = packet.isKey && hasBegun && Int(packet.time ?? 0) % cadence.segmentLength == 0
            try writer.write(packet, startsFragment: packet.isKey && hasBegun, startsSegment: startsSegment)
            hasBegun = true
        }
    }
}

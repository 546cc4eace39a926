internal import CAV

/// What filters are made for: frames of another shape need other filters.
package struct FrameShape: Sendable, Hashable {
    package let width: Int
    package let height: Int
    package let pixelAspect: Rational
    /// libavutil's number of the pixel or sample format.
    let format: Int32
    let sampleRate: Int32
    package let channels: Int
    /// Whether the channels have places: left, right, …
    package let hasLayout: Bool
}

extension Frame {
    package var shape: FrameShape {
        let frame = pointer.pointee
        return FrameShape(
            width: Int(frame.width), height: Int(frame.height), pixelAspect: Rational(frame.sample_aspect_ratio) ?? .one,
            format: frame.format, sampleRate: frame.sample_rate, channels: Int(frame.ch_layout.nb_channels),
            hasLayout: frame.ch_layout.order != AV_CHANNEL_ORDER_UNSPEC)
    }

    /// Shares what `other` holds.
    package func refer(to other: borrowing Frame) throws(AVError) {
        av_frame_unref(pointer)
        try AVError.check(av_frame_ref(pointer, other.pointer), "sharing a frame")
    }

    /// The timestamp that filters carry along.
    package var mark: Int {
        get { Int(pointer.pointee.pts) }
        nonmutating set { pointer.pointee.pts = Int64(newValue) }
    }

    /// Gives channels without places those that so many usually have.
    package func assumeLayout() {
        guard pointer.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC else { return }
        av_channel_layout_default(&pointer.pointee.ch_layout, pointer.pointee.ch_layout.nb_channels)
    }

    /// How much there is to see, from 0 (one colour): the standard deviation of the first plane, sampled. Only for 8 bits.
    package var contrast: Double {
        guard let row = pointer.pointee.data.0, width > 0, height > 0 else { return 0 }
        let stride = Int(pointer.pointee.linesize.0)
        var (count, sum, squares) = (0.0, 0.0, 0.0)
        for y in Swift.stride(from: 0, to: height, by: 2) {
            for x in Swift.stride(from: 0, to: width, by: 2) {
                let value = Double(row[y * stride + x])
                count += 1
                sum += value
                squares += value * value
            }
        }
        return (max(0, squares / count - (sum / count) * (sum / count))).squareRoot()
    }
}

extension Packet {
    /// Moves its timestamps, in ticks of its stream.
    package func shift(by ticks: Int64) {
        if let time { pointer.pointee.pts = time.addingReportingOverflow(ticks).partialValue }
        if let decodingTime { pointer.pointee.dts = decodingTime.addingReportingOverflow(ticks).partialValue }
    }

    /// Counts its times in units that are so many times as short.
    /// - Parameter end: what begins before it lasts no longer than until there.
    package func divideUnit(by factor: Int, end: Int? = nil) {
        let factor = Int64(factor)
        if let time { pointer.pointee.pts = time * factor }
        if let decodingTime { pointer.pointee.dts = decodingTime * factor }
        pointer.pointee.duration *= factor
        guard let end, let time else { return }
        pointer.pointee.duration = max(1, min(pointer.pointee.duration, Int64(end) - time))
    }

    /// The bytes, for what is stored as it is.
    package var bytes: [UInt8] {
        pointer.pointee.data.map { Array(UnsafeBufferPointer(start: $0, count: size)) } ?? []
    }
}

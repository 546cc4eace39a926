internal import CAV

/// Sound on its way to an encoder, which wants frames of one size: planar floats, two channels.
package final class SampleQueue {
    private let queue: OpaquePointer
    private let channels: Int32
    private let sampleRate: Int32

    package init(_ settings: AudioEncoderSettings) throws(AVError) {
        channels = Int32(AudioEncoderSettings.channels)
        sampleRate = Int32(clamping: settings.sampleRate)
        queue = try AVError.allocated(av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, channels, 1 << 14))
    }

    deinit { av_audio_fifo_free(queue) }

    package var count: Int { Int(av_audio_fifo_size(queue)) }

    package func append(_ frame: borrowing Frame) throws(AVError) {
        guard frame.samples > 0 else { return }
        try frame.withPlanes { planes throws(AVError) in
            try AVError.check(av_audio_fifo_write(queue, planes, frame.pointer.pointee.nb_samples), "queueing sound")
        }
    }

    package func appendSilence(_ samples: Int) throws(AVError) {
        let frame = try empty(samples)
        try frame.withPlanes { planes throws(AVError) in
            let size = Int32(clamping: samples)
            try AVError.check(
                av_samples_set_silence(frame.pointer.pointee.extended_data, 0, size, channels, AV_SAMPLE_FMT_FLTP), "silence")
            try AVError.check(av_audio_fifo_write(queue, planes, size), "queueing silence")
        }
    }

    /// The first samples, at most `count`.
    package func take(_ count: Int) throws(AVError) -> Frame {
        let frame = try empty(min(count, self.count))
        try frame.withPlanes { planes throws(AVError) in
            try AVError.check(av_audio_fifo_read(queue, planes, frame.pointer.pointee.nb_samples), "taking sound")
        }
        return frame
    }

    private func empty(_ samples: Int) throws(AVError) -> Frame {
        let frame = try Frame()
        frame.pointer.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
        frame.pointer.pointee.nb_samples = Int32(clamping: samples)
        frame.pointer.pointee.sample_rate = sampleRate
        av_channel_layout_default(&frame.pointer.pointee.ch_layout, channels)
        try AVError.check(av_frame_get_buffer(frame.pointer, 0), "memory for sound")
        return frame
    }
}

extension Frame {
    /// The channels' samples as libavutil wants them.
    fileprivate func withPlanes(
        _ body: (UnsafeMutablePointer<UnsafeMutableRawPointer?>) throws(AVError) -> Void
    ) throws(AVError) {
        try body(UnsafeMutableRawPointer(pointer.pointee.extended_data).assumingMemoryBound(to: UnsafeMutableRawPointer?.self))
    }
}

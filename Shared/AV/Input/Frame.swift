internal import CAV

/// A decoded picture, or some decoded sound. One owner; its bytes are counted by libavutil.
package struct Frame: ~Copyable {
    let pointer: UnsafeMutablePointer<AVFrame>

    package init() throws(AVError) { pointer = try AVError.allocated(av_frame_alloc()) }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = pointer
        av_frame_free(&frame)
    }

    /// When it is shown, in ticks of its stream: the decoder's best guess where the file says nothing.
    package var time: Int64? {
        let time = pointer.pointee.best_effort_timestamp
        return time == mr_av_no_timestamp ? nil : time
    }

    package var width: Int { Int(pointer.pointee.width) }
    package var height: Int { Int(pointer.pointee.height) }
    package var isInterlaced: Bool { pointer.pointee.interlaced_frame != 0 }
    package var samples: Int { Int(pointer.pointee.nb_samples) }

    /// Takes over what `other` holds, which is empty afterwards.
    package func take(_ other: borrowing Frame) {
        av_frame_unref(pointer)
        av_frame_move_ref(pointer, other.pointer)
    }
}

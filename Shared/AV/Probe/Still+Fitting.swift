internal import CAV

extension Still {
    /// A smaller copy that fits into a square; itself where it does already.
    package func fitting(side: Int) throws(AVError) -> Still {
        guard max(width, height) > side else { return self }
        let scale = Double(side) / Double(max(width, height))
        let (wide, high) = (max(1, Int((Double(width) * scale).rounded())), max(1, Int((Double(height) * scale).rounded())))
        let scaler = try AVError.allocated(
            sws_getContext(
                Int32(width), Int32(height), AV_PIX_FMT_RGB24, Int32(wide), Int32(high), AV_PIX_FMT_RGB24,
                SWS_LANCZOS | SWS_ACCURATE_RND, nil, nil, nil))
        defer { sws_freeContext(scaler) }
        var small = [UInt8](repeating: 0, count: 3 * wide * high)
        let status = bytes.withUnsafeBufferPointer { source in
            small.withUnsafeMutableBufferPointer { target in
                var from = source.baseAddress
                var to = target.baseAddress
                var (fromStride, toStride) = (Int32(3 * width), Int32(3 * wide))
                return sws_scale(scaler, &from, &fromStride, 0, Int32(height), &to, &toStride)
            }
        }
        try AVError.check(status, "scaling")
        return Still(width: wide, height: high, bytes: small)
    }
}

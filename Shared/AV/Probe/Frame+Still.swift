internal import CAV

extension Frame {
    /// What is shown of this frame, reduced to fit.
    /// - Parameters:
    ///   - picture: its stream's, for aspect and orientation.
    ///   - shortSide: the shorter side's length in pixels, unless that would enlarge it.
    func still(_ picture: MediaStream.Picture, shortSide: Int, maxPixels: Int = 4_000_000) throws(AVError) -> Still {
        let wide = Double(width) * picture.pixelAspect.value
        let high = Double(height)
        let scale = min(1, Double(shortSide) / min(wide, high), (Double(maxPixels) / (wide * high)).squareRoot())
        let size = (width: max(1, Int((wide * scale).rounded())), height: max(1, Int((high * scale).rounded())))
        let range = dynamicRange(picture)
        let stored: Still
        if range == .sdr {
            let bytes: [UInt8] = try scaled(to: size, AV_PIX_FMT_RGB24, bands: 3)
            stored = Still(width: size.width, height: size.height, bytes: bytes)
        } else {
            let samples: [UInt16] = try scaled(to: size, AV_PIX_FMT_RGB48LE, bands: 3)
            stored = Still(width: size.width, height: size.height, bytes: ToneMap(range).bytes(samples))
        }
        return stored.turned(picture.orientation)
    }

    private func dynamicRange(_ picture: MediaStream.Picture) -> Colour.DynamicRange {
        switch pointer.pointee.color_trc {
        case AVCOL_TRC_SMPTE2084: .pq
        case AVCOL_TRC_ARIB_STD_B67: .hlg
        case AVCOL_TRC_UNSPECIFIED: picture.colour.dynamicRange
        default: .sdr
        }
    }

    /// Scaled and converted to red, green and blue by the frame's own matrix and range.
    private func scaled<Sample: FixedWidthInteger>(
        to size: (width: Int, height: Int), _ format: AVPixelFormat, bands: Int
    ) throws(AVError) -> [Sample] {
        let scaler = sws_getContext(
            Int32(width), Int32(height), AVPixelFormat(rawValue: pointer.pointee.format), Int32(size.width),
            Int32(size.height), format, SWS_AREA | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nil, nil, nil)
        guard let scaler else { throw AVError(.unsupported, "pictures of the format \(pointer.pointee.format)") }
        defer { sws_freeContext(scaler) }
        let isFull: Int32 = pointer.pointee.color_range == AVCOL_RANGE_JPEG ? 1 : 0
        sws_setColorspaceDetails(
            scaler, sws_getCoefficients(matrix), isFull, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16)
        var samples = [Sample](repeating: 0, count: size.width * size.height * bands)
        let source = planes
        let status = samples.withUnsafeMutableBytes { memory in
            var target = memory.baseAddress?.assumingMemoryBound(to: UInt8.self)
            var stride = Int32(size.width * bands * MemoryLayout<Sample>.size)
            return source.bytes.withUnsafeBufferPointer { bytes in
                source.strides.withUnsafeBufferPointer { strides in
                    sws_scale(scaler, bytes.baseAddress, strides.baseAddress, 0, Int32(height), &target, &stride)
                }
            }
        }
        try AVError.check(status, "scaling")
        return samples
    }

    private var planes: (bytes: [UnsafePointer<UInt8>?], strides: [Int32]) {
        let (data, lines) = (pointer.pointee.data, pointer.pointee.linesize)
        return (
            [data.0, data.1, data.2, data.3].map { $0.map { UnsafePointer($0) } }, [lines.0, lines.1, lines.2, lines.3]
        )
    }

    /// Where a file does not say, small pictures are in the colours of old television, as players take it.
    private var matrix: Int32 {
        switch pointer.pointee.colorspace {
        case AVCOL_SPC_BT709: SWS_CS_ITU709
        case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: SWS_CS_BT2020
        case AVCOL_SPC_FCC: SWS_CS_FCC
        case AVCOL_SPC_SMPTE240M: SWS_CS_SMPTE240M
        case AVCOL_SPC_UNSPECIFIED: height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601
        default: SWS_CS_ITU601
        }
    }
}

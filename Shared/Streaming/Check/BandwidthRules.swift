extension StreamRule {
    static let bandwidths = [bandwidth, averageBandwidth]

    /// BANDWIDTH is the largest sum of peak bit rates that can be played together, to 1 %.
    ///
    /// Source: RFC 8216, 4.1 and 4.3.4.2; HLS Authoring, 1.27 and 9.13, which allow 10 %.
    static let bandwidth = StreamRule("bandwidth", "RFC 8216, 4.3.4.2; HLS Authoring 9.13") { stream in
        stream.variants.compactMap { differing($0, "BANDWIDTH", stream.rate(of: $0)?.peak) }
    }

    /// AVERAGE-BANDWIDTH is the largest sum of average bit rates that can be played together, to 1 %.
    ///
    /// Source: RFC 8216, 4.3.4.2; HLS Authoring, 1.26 and 9.14.
    static let averageBandwidth = StreamRule("average-bandwidth", "RFC 8216, 4.3.4.2; HLS Authoring 9.14") { stream in
        stream.variants.compactMap { differing($0, "AVERAGE-BANDWIDTH", stream.rate(of: $0)?.average) }
    }

    private static func differing(_ variant: CheckedVariant, _ name: String, _ measured: Double?) -> Violation? {
        guard let measured else { return nil }
        guard let declared = variant.attributes.integer(name) else { return Violation(variant, "\(name) is missing") }
        guard abs(Double(declared) - measured) > measured / 100 + 1 else { return nil }
        return Violation(variant, "\(name) is \(declared), measured \(Decimals.text(measured, digits: 0))")
    }
}

extension CheckedStream {
    /// Nil where not all of it could be read.
    func rate(of variant: CheckedVariant) -> BitRate? {
        guard let own = playlist(variant.path), own.isMeasured else { return nil }
        if variant.declared.isIFramesOnly { return own.rate }
        let (sounds, texts) = (group("AUDIO", of: variant), group("SUBTITLES", of: variant))
        guard sounds.allSatisfy(\.isMeasured), texts.allSatisfy({ $0.parts.allSatisfy { $0.bytes != nil } }) else { return nil }
        // A variant without pictures is itself one of its group.
        let isSound = sounds.contains { $0.path == own.path }
        return (isSound ? .zero : own.rate) + .largest(of: sounds.map(\.rate)) + .largest(of: texts.map(\.rate))
    }
}

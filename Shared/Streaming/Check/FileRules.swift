extension StreamRule {
    static let files = [filesInside, filesExist, filesReadable]

    /// Every URI is relative and stays in the stream's folder: no scheme, no host, no `..`.
    ///
    /// Source: Millrace; RFC 8216, 4.1 allows more.
    static let filesInside = StreamRule("files-inside", "Millrace") { faults(.outside, $0) }

    /// Every file that a playlist names is there. Source: RFC 8216, 6.2.1.
    static let filesExist = StreamRule("files-exist", "RFC 8216, 6.2.1") { faults(.missing, $0) }

    /// Every playlist and every segment can be read: UTF-8, known syntax, whole boxes, one track a file.
    ///
    /// Source: RFC 8216, 4.1 and 4.2; ISO/IEC 23000-19, 7.3.
    static let filesReadable = StreamRule("files-readable", "RFC 8216, 4.1; ISO/IEC 23000-19, 7.3") { faults(.unreadable, $0) }

    private static func faults(_ kind: CheckedStream.Fault.Kind, _ stream: CheckedStream) -> [Violation] {
        stream.faults.filter { $0.kind == kind }.map { Violation($0.file, $0.message) }
    }
}

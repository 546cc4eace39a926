import Events

extension Board {
    /// What there is to see afterwards: the time that every step took, and where to look.
    func summary(waited: Bool, url: String) {
        guard waited else { return Terminal.write(rows.compactMap(Self.mediaLine).joined()) }
        let width = min(32, max(5, rows.map(\.name.count).max() ?? 5))
        Terminal.write("\n" + table(width))
        for row in rows { Terminal.write(Self.links(row, url)) }
    }

    private static func mediaLine(_ row: BoardRow) -> String? { row.mediaId.map { "\($0)  \(row.name)\n" } }

    private func table(_ width: Int) -> String {
        let steps = Step.allCases.filter { step in rows.contains { $0.steps[step] != nil } }
        let head = "  " + "media".padded(width) + steps.map { $0.rawValue.right(11) }.joined() + "ready".right(11) + "\n"
        let lines = rows.map { row in
            let times = steps.map { (row.steps[$0].map(humanSeconds) ?? "–").right(11) }.joined()
            let end = row.error == nil ? row.finishedAfter.map(humanSeconds) ?? "–" : "failed"
            return "  " + row.name.padded(width) + times + end.right(11) + "\n"
        }
        return Terminal.paint(head, .grey) + lines.joined()
    }

    private static func links(_ row: BoardRow, _ url: String) -> String {
        guard let status = row.status, row.error == nil, let key = row.key else {
            return row.error.map { "\n  \(row.name): \($0)\n" } ?? ""
        }
        let pictures = status.processed.thumbnails.map {
            "    \($0.width)×\($0.height) \($0.format.padded(5)) \($0.url ?? $0.key)"
        }
        let lines = pictures + (streams(status.processed) ?? ["    any size        \(url)/img/\(key)?w=640&f=webp"])
        return "\n  \(Terminal.paint(row.name, .bold))  \(status.mediaId)\n" + lines.joined(separator: "\n") + "\n"
    }

    /// Where to play it; nil for pictures.
    private static func streams(_ processed: Processed) -> [String]? {
        guard let hls = processed.hls, let dash = processed.dash else { return nil }
        return ["    HLS             \(hls)", "    DASH            \(dash)"]
    }
}

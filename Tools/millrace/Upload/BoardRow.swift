import Events

/// One file on the board.
struct BoardRow: Sendable {
    let name: String
    /// Bytes.
    let size: Int64
    var sent: Int64 = 0
    var mediaId: MediaID?
    var key: String?
    var uploadedAt: ContinuousClock.Instant?
    /// Seconds that each finished step worked.
    var steps: [Step: Double] = [:]
    var status: MediaStatusChanged?
    /// Seconds from uploaded to ready or failed.
    var finishedAfter: Double?
    var error: String?

    init(name: String, size: Int64) {
        self.name = name
        self.size = size
    }

    var isFinished: Bool { error != nil || finishedAfter != nil }

    /// The row as it is shown now.
    var line: String { "  \(name.padded(28)) \(humanSize(size).right(9))  \(news)" }

    private var news: String {
        if let error { return Terminal.paint("✗ \(error)", .red) }
        guard uploadedAt != nil else { return sent == 0 ? Terminal.paint("waiting", .grey) : bar }
        let steps = shownSteps.map { "\($0.name) \(humanSeconds($0.seconds))" }
        let end = finishedAfter.map { Terminal.paint("✓ ready in \(humanSeconds($0))", .green) }
        return (["uploaded"] + steps + [end].compactMap(\.self)).joined(separator: Terminal.paint(" · ", .grey))
    }

    var shownSteps: [(name: String, seconds: Double)] {
        Step.allCases.compactMap { step in steps[step].map { (step.rawValue, $0) } }
    }

    private var bar: String {
        let share = size == 0 ? 1 : Double(sent) / Double(size)
        let filled = Int(share * 24)
        let percent = "\(Int(share * 100)) %"
        return Terminal.paint(String(repeating: "█", count: filled), .green)
            + Terminal.paint(String(repeating: "░", count: 24 - filled), .grey) + " " + percent.right(5)
    }
}

/// One file as `--json` tells it.
struct UploadResult: Encodable, Sendable {
    let file: String
    let mediaId: MediaID?
    let key: String?
    /// Seconds that each step worked.
    let steps: [String: Double]
    /// Seconds from uploaded to ready or failed.
    let seconds: Double?
    let status: MediaStatusChanged?
    let error: String?

    init(_ row: BoardRow) {
        file = row.name
        mediaId = row.mediaId
        key = row.key
        steps = Dictionary(row.shownSteps.map { ($0.name, $0.seconds) }, uniquingKeysWith: { first, _ in first })
        seconds = row.finishedAfter
        status = row.status
        error = row.error
    }
}

import Events

/// What is known of every file that is being uploaded, and how it is shown: live in place, as plain lines, or not at all.
actor Board {
    enum Style: Sendable { case live, lines, silent }

    private(set) var rows: [BoardRow]
    private let style: Style
    private var drawnLines = 0
    private var lastDrawn: ContinuousClock.Instant?
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(_ sources: [SourceFile], style: Style) {
        rows = sources.map { BoardRow(name: $0.name.harmless, size: $0.size) }
        self.style = style
    }

    var results: [UploadResult] { rows.map(UploadResult.init) }
    var unfinished: [MediaID] { rows.filter { !$0.isFinished }.compactMap(\.mediaId) }

    func presigned(_ row: Int, _ mediaId: MediaID, key: String) { change(row) { ($0.mediaId, $0.key) = (mediaId, key) } }

    func sent(_ row: Int, _ bytes: Int64) { change(row, atMostEvery: .milliseconds(80)) { $0.sent = max($0.sent, bytes) } }

    func uploaded(_ row: Int) {
        change(row, line: "uploaded (\(humanSize(rows[row].size)))") {
            $0.sent = $0.size
            $0.uploadedAt = .now
        }
    }

    func failed(_ row: Int, _ reason: String) {
        change(row, line: "failed: \(reason)") { $0.error = reason }
        wake()
    }

    func failed(_ mediaId: MediaID, _ reason: String) {
        if let row = row(of: mediaId), !rows[row].isFinished { failed(row, reason) }
    }

    /// Ends the wait for whatever is not finished.
    func giveUp(_ reason: String) { for row in rows.indices where !rows[row].isFinished { failed(row, reason) } }

    func heard(_ progress: MediaProgress) {
        guard let row = row(of: progress.mediaId), progress.state != .running, rows[row].steps[progress.step] == nil else {
            return
        }
        let seconds = Double(progress.durationMs ?? 0) / 1000
        let line = progress.state == .completed ? humanSeconds(seconds) : "failed"
        change(row, line: "\(progress.step.rawValue) \(line)") { $0.steps[progress.step] = seconds }
    }

    func heard(_ status: MediaStatusChanged) {
        guard let row = row(of: status.mediaId), !rows[row].isFinished, status.status.isTerminal else { return }
        let error = status.error.map { "\($0.code.rawValue): \($0.message)" }
        let end = ContinuousClock.now
        let seconds = rows[row].uploadedAt.map { (end - $0) / .seconds(1) } ?? 0
        change(row, line: error.map { "failed: \($0)" } ?? "ready in \(humanSeconds(seconds))") {
            $0.status = status
            $0.error = error
            $0.finishedAfter = seconds
        }
        wake()
    }

    /// Waits until every file is ready or failed, at most for `time`.
    func waitForNews(atMost time: Duration) async {
        guard !rows.allSatisfy(\.isFinished) else { return }
        let timer = Task {
            try await Task.sleep(for: time)
            wake()
        }
        await withCheckedContinuation { waiters.append($0) }
        timer.cancel()
    }

    private func row(of mediaId: MediaID) -> Int? { rows.firstIndex { $0.mediaId == mediaId } }

    private func wake() {
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    private func change(_ row: Int, atMostEvery pause: Duration = .zero, line: String? = nil, _ update: (inout BoardRow) -> Void)
    {
        update(&rows[row])
        if let line, style == .lines { Terminal.write("\(rows[row].name)  \(line)\n") }
        guard lastDrawn.map({ .now - $0 >= pause }) ?? true else { return }
        draw()
    }

    /// Draws all rows over what was drawn before.
    func draw() {
        guard style == .live else { return }
        let up = drawnLines > 0 ? "\u{1b}[\(drawnLines)A" : ""
        Terminal.write(up + rows.map { "\r\u{1b}[2K\($0.line)\n" }.joined())
        drawnLines = rows.count
        lastDrawn = .now
    }
}

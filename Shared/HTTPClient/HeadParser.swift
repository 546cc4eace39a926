/// Collects the lines that libcurl hands out one by one into a response head, at most 64 KiB of them. Interim responses
/// (1xx) are dropped and trailers ignored.
struct HeadParser {
    private var status = 0
    private var headers: [(name: String, value: String)] = []
    private var bytes = 0
    private var isComplete = false
    /// Set by the line that ends the head, and by no other.
    private(set) var complete: ResponseHead?

    /// False once the head has become too large.
    mutating func append(_ line: String) -> Bool {
        bytes += line.utf8.count
        complete = nil
        guard bytes <= 64 << 10 else { return false }
        guard !isComplete else { return true }
        if line.hasPrefix("HTTP/") { begin(line) } else if line.allSatisfy(\.isNewline) { end() } else { add(line) }
        return true
    }

    private mutating func begin(_ line: String) {
        status = line.split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) } ?? 0
        headers = []
    }

    private mutating func end() {
        guard status >= 200 else { return }
        isComplete = true
        complete = ResponseHead(status: status, headers: headers)
    }

    private mutating func add(_ line: String) {
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = line[line.index(after: colon)...].drop { $0.isWhitespace }
        let end = value.lastIndex { !$0.isWhitespace }.map { value.index(after: $0) } ?? value.startIndex
        headers.append((line[..<colon].lowercased(), String(value[..<end])))
    }
}

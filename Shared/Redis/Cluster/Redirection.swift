/// What a node answers that does not serve a command's slot: it has done nothing.
struct Redirection: Equatable {
    let slot: Int
    let address: RedisAddress
    /// The slot is on its way there, and so is this command alone.
    let isAsk: Bool

    /// Nil unless `error` is `MOVED slot host:port` or `ASK slot host:port`.
    /// - Parameter asked: who answered; no host means its own.
    init?(_ error: String, asked: RedisAddress) {
        let words = error.split(separator: " ")
        guard words.count == 3, words[0] == "MOVED" || words[0] == "ASK", let slot = Int(words[1]),
            (0..<HashSlot.count).contains(slot), let colon = words[2].lastIndex(of: ":"),
            let port = Int(words[2][words[2].index(after: colon)...]), (1...65535).contains(port)
        else { return nil }
        let host = words[2][..<colon]
        self.slot = slot
        address = RedisAddress(host: host.isEmpty || host == "?" ? asked.host : String(host), port: port)
        isAsk = words[0] == "ASK"
    }
}

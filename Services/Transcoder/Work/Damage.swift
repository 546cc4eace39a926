import AV

/// What a damaged stream costs: what came before counts, and where nothing but damage comes nothing more is decoded.
struct Damage {
    private(set) var isTooMuch = false

    /// Runs what decodes.
    mutating func sparing(_ decode: () throws(AVError) -> Void) throws(AVError) {
        do { try decode() } catch {
            guard error.code == .unreadable else { throw error }
            isTooMuch = true
        }
    }
}

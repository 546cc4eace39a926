/// An entry that a group has given up.
package struct DeadLetter: Sendable, Hashable {
    package let payload: String
    package let reason: String
    package let detail: String
    package let attempt: Int

    package init(payload: String, reason: String, detail: String, attempt: Int) {
        self.payload = payload
        self.reason = reason
        self.detail = detail
        self.attempt = attempt
    }
}

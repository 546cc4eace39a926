/// What every log line written while an event or request is handled carries.
package struct LogContext: Sendable {
    @TaskLocal package static var current: LogContext?

    package let mediaId: String?
    package let traceparent: String?
    package let eventId: String?

    package init(mediaId: String? = nil, traceparent: String? = nil, eventId: String? = nil) {
        self.mediaId = mediaId
        self.traceparent = traceparent
        self.eventId = eventId
    }
}

internal import CAV

/// What libav* would write to standard error quotes strangers' files: it has no place in a service's log.
enum Log {
    static let silenced: Void = av_log_set_level(AV_LOG_QUIET)
}

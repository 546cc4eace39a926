/// A Lua script that runs inside Redis, atomically. Scripts touch keys of one partition only.
///
/// They run without a `#!lua` line on purpose: so an acknowledgement still goes through when Redis has no memory left, and
/// whatever would take memory fails at its first write, before anything has changed.
struct Script: Sendable {
    let name: String
    let source: String
}

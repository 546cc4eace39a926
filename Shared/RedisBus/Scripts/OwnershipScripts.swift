extension Script {
    /// Starts the idle time of entries anew for as long as their consumer owns them; their delivery count stays.
    ///
    /// KEYS: the source of each entry; ARGV: group, consumer, then the entries' ids. The answer: 1 owned, 0 lost.
    static let keep = Script(
        name: "keep",
        source: #"""
            local group, consumer, answers = ARGV[1], ARGV[2], {}
            for i, key in ipairs(KEYS) do
                local id = ARGV[i + 2]
                local pending = redis.pcall('XPENDING', key, group, id, id, 1, consumer)
                if pending.err and not pending.err:find('^NOGROUP') then return pending end
                answers[i] = 0
                if #pending == 1 then
                    redis.call('XCLAIM', key, group, consumer, 0, id, 'JUSTID')
                    answers[i] = 1
                end
            end
            return answers
            """#)
}

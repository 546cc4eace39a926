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

    /// Gives entries that a consumer owns to whoever reads next, as they are: they move to the group's retries.
    ///
    /// KEYS: source and retry stream of each entry in turn; ARGV: group, consumer, then the entries' ids, then their lanes.
    static let release = Script(
        name: "release",
        source: #"""
            local group, consumer = ARGV[1], ARGV[2]
            for i = 1, #KEYS / 2 do
                local source, target, id = KEYS[2 * i - 1], KEYS[2 * i], ARGV[i + 2]
                local pending = redis.pcall('XPENDING', source, group, id, id, 1, consumer)
                if pending.err and not pending.err:find('^NOGROUP') then return pending end
                if #pending == 1 then
                    local entry = redis.call('XRANGE', source, id, id)[1]
                    if entry then
                        local fields = {}
                        for j = 1, #entry[2], 2 do fields[entry[2][j]] = entry[2][j + 1] end
                        redis.call('XADD', target, '*', 'event', fields.event or '', 'attempt', fields.attempt or 1,
                            'first', fields.first or id:match('^%d+'), 'lane', ARGV[#KEYS / 2 + i + 2])
                    end
                    redis.call('XACK', source, group, id)
                end
            end
            return 1
            """#)
}

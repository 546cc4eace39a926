extension Script {
    /// Takes dead letters of one group out: back to its retries with attempt 1, or for good.
    ///
    /// KEYS[1]: the dead letters; ARGV: `replay` or `drop`, the reason that they must have (nothing: any), the first and the last
    /// id, how many to look at, the lane in which a replay's outputs travel, then each stream's name with the group's retry
    /// stream of it. The answer: how many were taken out, how many could not be replayed because their stream is unknown, the
    /// last id that was looked at.
    static let exhume = Script(
        name: "exhume",
        source: #"""
            local dead, action, reason, first, last, limit = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
            local lane = ARGV[6]
            local targets, taken, foreign, seen = {}, 0, 0, ''
            for i = 7, #ARGV, 2 do targets[ARGV[i]] = ARGV[i + 1] end
            for _, entry in ipairs(redis.call('XRANGE', dead, first, last, 'COUNT', limit)) do
                local fields = {}
                for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
                seen = entry[1]
                local target = targets[fields.stream or '']
                if reason ~= '' and fields.reason ~= reason then
                    -- Not asked for.
                elseif action == 'replay' and not target then
                    foreign = foreign + 1
                else
                    if action == 'replay' then
                        redis.call('XADD', target, '*', 'event', fields.event or '', 'attempt', 1,
                            'first', fields.first or seen:match('^%d+'), 'lane', lane)
                    end
                    redis.call('XDEL', dead, seen)
                    taken = taken + 1
                end
            end
            return {taken, foreign, seen}
            """#)

    /// Counts the delayed entries by the retry stream that they will go to.
    ///
    /// KEYS[1]: the delayed entries of a partition; ARGV: the rank of the first, how many to look at. The answer: how many were
    /// looked at, then each retry stream with its count.
    static let countDelayed = Script(
        name: "countDelayed",
        source: #"""
            local members = redis.call('ZRANGE', KEYS[1], ARGV[1], ARGV[1] + ARGV[2] - 1)
            local counts, answer = {}, {#members}
            for _, member in ipairs(members) do
                local target = member:match('^[^\n]*\n[^\n]*\n([^\n]*)\n') or ''
                counts[target] = (counts[target] or 0) + 1
            end
            for target, count in pairs(counts) do
                answer[#answer + 1] = target
                answer[#answer + 1] = count
            end
            return answer
            """#)
}

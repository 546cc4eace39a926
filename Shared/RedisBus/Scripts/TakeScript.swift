extension Script {
    /// Hands entries to a consumer: at most one whose consumer has been silent for too long, then new ones.
    ///
    /// KEYS are the sources in the order of their turn; ARGV: group, consumer, limit, and the idle milliseconds from which
    /// an entry is taken over (-1: none). The answer: bundles of entries as {source's number, deliveries, entries as Redis tells
    /// them}; when there are none, where the group stands in each source; the number of sources that lack the group.
    static let take = Script(
        name: "take",
        source: #"""
            local group, consumer, left, idle = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
            local taken, positions, missing = {}, {}, 0

            -- Whether the group, since destroyed and made again, had acknowledged the entry already.
            local function isDone(key, id)
                local have = redis.call('HGET', key .. ':acks', id)
                if not have or not have:find(' ' .. group .. ' ', 1, true) then return false end
                redis.call('XACK', key, group, id)
                return true
            end

            local function add(source, entries, deliveries)
                if #entries == 0 then return end
                taken[#taken + 1] = {source, deliveries, entries}
                left = left - #entries
            end

            local function takeOver(source, key)
                if #taken > 0 then return end
                for _, pending in ipairs(redis.call('XPENDING', key, group, 'IDLE', idle, '-', '+', 16)) do
                    local claimed = redis.call('XCLAIM', key, group, consumer, idle, pending[1])
                    if #claimed > 0 then return add(source, claimed, pending[4] + 1) end
                end
            end

            local function takeNew(source, key)
                local reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', left, 'STREAMS', key, '>')
                if not reply then return end
                local entries = reply[1][2]
                if not key:find(':retry.', 1, true) and redis.call('EXISTS', key .. ':acks') == 1 then
                    local open = {}
                    for _, entry in ipairs(entries) do
                        if not isDone(key, entry[1]) then open[#open + 1] = entry end
                    end
                    entries = open
                end
                add(source, entries, 1)
            end

            local function position(key)
                for _, info in ipairs(redis.call('XINFO', 'GROUPS', key)) do
                    if info[2] == group then return info[8] end
                end
                error('NOGROUP')
            end

            -- Goes on with the other sources when one has lost its group, so that what was taken is not lost with it.
            local function each(visit)
                for source, key in ipairs(KEYS) do
                    if left <= 0 then return end
                    local ok, failure = pcall(visit, source, key)
                    if not ok then
                        local text = type(failure) == 'table' and failure.err or tostring(failure)
                        if text:find('NOGROUP') or text:find('no such key') then missing = missing + 1
                        elseif #taken == 0 then error(failure) end
                    end
                end
            end

            if idle >= 0 then each(takeOver) end
            each(takeNew)
            if #taken == 0 then
                left = 1
                each(function(source, key) positions[source] = '0-0'; positions[source] = position(key) end)
            end
            return {taken, positions, missing}
            """#)

    /// Hands a consumer what it owns without knowing, because the reply that told it so was lost.
    ///
    /// KEYS are the sources; ARGV: group, consumer, limit, then source and id, parted by a space, of each entry that it does
    /// know. The answer is that of `take`. It does not count as a delivery.
    static let recover = Script(
        name: "recover",
        source: #"""
            local group, consumer, left = ARGV[1], ARGV[2], tonumber(ARGV[3])
            local taken, known = {}, {}
            for i = 4, #ARGV do known[ARGV[i]] = true end
            for source, key in ipairs(KEYS) do
                local pending = redis.pcall('XPENDING', key, group, '-', '+', #ARGV + left, consumer)
                for _, p in ipairs(pending.err and {} or pending) do
                    if left > 0 and not known[key .. ' ' .. p[1]] then
                        local claimed = redis.call('XCLAIM', key, group, consumer, 0, p[1], 'RETRYCOUNT', p[4])
                        if #claimed > 0 then
                            taken[#taken + 1] = {source, p[4], claimed}
                            left = left - 1
                        end
                    end
                end
            end
            return {taken, {}, 0}
            """#)
}

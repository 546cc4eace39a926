extension Script {
    /// Moves entries whose delay is over to the retry streams of their groups.
    ///
    /// KEYS[1]: the delayed entries of the partition; ARGV[1]: how many at most. The answer: how many moved, and the
    /// milliseconds until the next is due (-1: none).
    static let promote = Script(
        name: "promote",
        source: #"""
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local due = redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[1])
            for _, member in ipairs(due) do
                local target, attempt, first, lane, waits, event =
                    member:match('^[^\n]*\n[^\n]*\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n(.*)$')
                -- A target that is no stream holds up no other retry: its entry waits on.
                local isStream = target and type(redis.pcall('XLEN', target)) == 'number'
                if isStream then
                    redis.call('XADD', target, '*', 'event', event, 'attempt', attempt, 'first', first, 'lane', lane,
                        'waits', waits)
                end
                if isStream or not target then redis.call('ZREM', KEYS[1], member)
                else redis.call('ZADD', KEYS[1], now + 60000, member) end
            end
            local next = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
            return {#due, next[2] and math.max(0, tonumber(next[2]) - now) or -1}
            """#)

    /// Removes from a stream what every group has acknowledged; nothing while one of the groups is missing.
    ///
    /// KEYS[1]: the stream; ARGV: the groups of the contract. The answer: how many entries were removed.
    static let trim = Script(
        name: "trim",
        source: #"""
            local function halves(id) return id:match('^(%d+)%-(%d+)$') end
            -- As digits, because Lua's numbers hold 53 bits and an id's halves 64.
            local function less(a, b)
                if #a ~= #b then return #a < #b end
                return a < b
            end
            local function isBefore(a, b)
                local aTime, aNumber = halves(a)
                local bTime, bNumber = halves(b)
                if aTime ~= bTime then return less(aTime, bTime) end
                return less(aNumber, bNumber)
            end
            local function after(id)
                local time, number = halves(id)
                if #number > 15 then return id end
                return time .. '-' .. string.format('%.0f', number + 1)
            end

            local infos = redis.pcall('XINFO', 'GROUPS', KEYS[1])
            if infos.err then return 0 end
            local delivered = {}
            for _, info in ipairs(infos) do delivered[info[2]] = info[8] end
            local floor
            for _, group in ipairs(ARGV) do
                if not delivered[group] then return 0 end
                local pending = redis.call('XPENDING', KEYS[1], group)
                local lowest = pending[1] > 0 and pending[2] or after(delivered[group])
                if not floor or isBefore(lowest, floor) then floor = lowest end
            end
            if not floor then return 0 end
            return redis.call('XTRIM', KEYS[1], 'MINID', '=', floor)
            """#)

    /// Removes consumers that have nothing pending: the one named, and those idle for long.
    ///
    /// KEYS: the sources; ARGV: group, consumer's name or nothing, idle milliseconds. The answer: how many were removed.
    static let dismiss = Script(
        name: "dismiss",
        source: #"""
            local removed = 0
            for _, key in ipairs(KEYS) do
                local infos = redis.pcall('XINFO', 'CONSUMERS', key, ARGV[1])
                if not infos.err then
                    for _, info in ipairs(infos) do
                        local name, pending, idle = info[2], info[4], info[6]
                        if pending == 0 and (name == ARGV[2] or idle >= tonumber(ARGV[3])) then
                            redis.call('XGROUP', 'DELCONSUMER', key, ARGV[1], name)
                            removed = removed + 1
                        end
                    end
                end
            end
            return removed
            """#)
}

extension Script {
    /// Applies commits and settlements, each of them completely or not at all.
    ///
    /// KEYS[1] is the partition's set of delayed entries. ARGV holds sections (see `SettleBatch`): source, group, consumer, the
    /// groups that need its entries, the lowest and the highest of its ids, the number of its items; then for each item the
    /// number of its tokens and the tokens (see `SettleItem`). Commits are items of a section without a source. The answer has
    /// for each item 0 applied, 1 lost ownership, 2 conflict, or an error's text.
    ///
    /// An item checks everything before its first write: versions, the type of every key, and the right to write it. What can then still fail is the
    /// first write, for want of memory: so those that need memory come first and the acknowledgements last. (After
    /// its first write Redis lets a script finish.)
    ///
    /// It is written for speed, which is most of the bus's: no tables for what can stay in ARGV, one XPENDING, one XACK and one
    /// XDEL for all items of a section.
    static let settle = Script(
        name: "settle",
        source: #"""
            local APPLIED, LOST, CONFLICT = 0, 1, 2
            local call, ARGV = redis.call, ARGV
            local source, group, consumer, needed
            local owned, isComplete, done
            -- The streams of which it is known that they can be written.
            local isStream = {}

            local function isPending(reply) return not reply.err and #reply > 0 end

            local function pending(first, last, count)
                local reply = redis.pcall('XPENDING', source, group, first, last, count, consumer)
                if reply.err and not reply.err:find('^NOGROUP') then error(reply) end
                return reply
            end

            -- Or what is written before would be there already when this is refused.
            local function need(command, key, ...)
                if redis.acl_check_cmd(command, key, ...) then return end
                error({err = 'NOPERM The user executing the script has no right to ' .. command .. ' ' .. key})
            end

            local function text(failure) return type(failure) == 'table' and failure.err or tostring(failure) end

            -- Whom the section's entries belong to, as far as it can be learnt from one look at the range of its ids.
            local function look(first, last, count)
                owned, isComplete, done = {}, true, {}
                if source == '' then return end
                need('XACK', source, group, first)
                need('XDEL', source, first)
                local limit = 4 * count + 16
                local reply = pending(first, last, limit)
                if reply.err then return end
                for i = 1, #reply do owned[reply[i][1]] = true end
                isComplete = #reply < limit
            end

            local function owns(id)
                if owned[id] == nil and not isComplete then owned[id] = isPending(pending(id, id, 1)) end
                return owned[id]
            end

            -- Goes over the changes that begin after token `at`; true when the state is not as one of them expects.
            local function conflicts(at, count)
                for i = 1, count do
                    local kind, key = ARGV[at + 1], ARGV[at + 2]
                    if kind == 'put' then
                        need('HSET', key, 'v', '1')
                        local version = call('HGET', key, 'v')
                        if (tonumber(version or '0') or -1) ~= tonumber(ARGV[at + 4]) then return true end
                        if not version and call('EXISTS', key) == 1 then return true end
                        at = at + 5
                    elseif kind == 'add' then call('ZCARD', key); need('ZADD', key, '0', ''); at = at + 4
                    elseif kind == 'remove' then call('ZCARD', key); need('ZREM', key, ''); at = at + 3
                    else need('DEL', key); at = at + 2 end
                end
                return false, at
            end

            -- Fails when what follows the changes could not be written.
            local function checkTargets(at, count)
                for i = 1, count do
                    local key = ARGV[at + 1]
                    if not isStream[key] then
                        call('XLEN', key)
                        need('XADD', key, '*', 'event', '')
                        isStream[key] = true
                    end
                    at = at + 3
                end
            end

            local function change(at, count)
                for i = 1, count do
                    local kind, key = ARGV[at + 1], ARGV[at + 2]
                    if kind == 'put' then
                        local lifetime = ARGV[at + 5]
                        call('HSET', key, 'v', string.format('%d', ARGV[at + 4] + 1), 'd', ARGV[at + 3])
                        if lifetime ~= '0' then call('PEXPIRE', key, lifetime) else call('PERSIST', key) end
                        at = at + 5
                    elseif kind == 'add' then call('ZADD', key, ARGV[at + 4], ARGV[at + 3]); at = at + 4
                    elseif kind == 'remove' then call('ZREM', key, ARGV[at + 3]); at = at + 3
                    else call('DEL', key); at = at + 2 end
                end
            end

            local function emit(at, count)
                for i = 1, count do
                    local key, newest = ARGV[at + 1], ARGV[at + 2]
                    if newest == '0' then call('XADD', key, '*', 'event', ARGV[at + 3], 'attempt', '1')
                    else call('XADD', key, 'MAXLEN', '~', newest, '*', 'event', ARGV[at + 3], 'attempt', '1') end
                    at = at + 3
                end
            end

            local function milliseconds()
                local time = call('TIME')
                return time[1] * 1000 + math.floor(time[2] / 1000)
            end

            -- The entry's fields; nil when somebody deleted it.
            local function read(id)
                local entry = call('XRANGE', source, id, id)[1]
                if not entry then return nil end
                local fields = {}
                for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
                local attempt = tonumber(fields.attempt) or 1
                if not (attempt >= 1 and attempt <= 1e6) then attempt = 1 end
                local waits = tonumber(fields.waits) or 0
                if not (waits >= 0 and waits <= 1e6) then waits = 0 end
                return {event = fields.event or '', attempt = string.format('%d', attempt), waits = string.format('%d', waits),
                    first = fields.first or id:match('^%d+')}
            end

            -- Who only had to wait (1, else 0) has used up no attempt.
            local function delay(id, target, milli, lane, waited)
                local entry = read(id)
                if not entry then return end
                local attempt, waits = entry.attempt + 1 - waited, entry.waits + waited
                local member = {source, id, target, attempt, entry.first, lane, waits, entry.event}
                call('ZADD', KEYS[1], milliseconds() + milli, table.concat(member, '\n'))
            end

            local function release(id, target, lane)
                local entry = read(id)
                if not entry then return end
                call('XADD', target, '*', 'event', entry.event, 'attempt', entry.attempt, 'first', entry.first, 'lane', lane,
                    'waits', entry.waits)
            end

            local function bury(id, dead, stream, reason, detail)
                local entry = read(id) or {event = '', attempt = 0, waits = 0, first = id:match('^%d+')}
                call('XADD', dead, 'MAXLEN', '~', 100000, '*', 'event', entry.event, 'attempt', entry.attempt + entry.waits,
                    'reason', reason, 'detail', detail, 'stream', stream, 'entry', id, 'first', entry.first, 'last', milliseconds())
            end

            -- An item's tokens: kind, id, the number of changes, the number of outputs, those, what is the kind's own.
            local function apply(at)
                local kind, id = ARGV[at + 1], ARGV[at + 2]
                if kind ~= 'commit' and not owns(id) then return LOST end
                local changes, outputs = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
                local first = at + 4
                local next = first
                if changes > 0 then
                    local isConflict
                    isConflict, next = conflicts(first, changes)
                    if isConflict then return CONFLICT end
                end
                local own = next + 3 * outputs
                if outputs > 0 then checkTargets(next, outputs) end
                if kind == 'retry' then
                    call('ZCARD', KEYS[1])
                    need('ZADD', KEYS[1], '0', '')
                elseif kind == 'reject' then checkTargets(own, 1)
                elseif kind == 'release' then checkTargets(own, 1) end
                if changes > 0 then change(first, changes) end
                if outputs > 0 then emit(next, outputs) end
                if kind == 'commit' then return APPLIED end
                if kind == 'retry' then delay(id, ARGV[own + 1], ARGV[own + 2], ARGV[own + 3], ARGV[own + 4])
                elseif kind == 'release' then release(id, ARGV[own + 1], ARGV[own + 2])
                elseif kind == 'reject' then bury(id, ARGV[own + 1], ARGV[own + 2], ARGV[own + 3], ARGV[own + 4]) end
                owned[id] = false
                done[#done + 1] = id
                return APPLIED
            end

            -- Notes who has acknowledged an entry that others still need, so that a group that was destroyed and made again does
            -- not do it all a second time; removes it when nobody needs it any more.
            local function note(id)
                if not (' ' .. needed .. ' '):find(' ' .. group .. ' ', 1, true) then return end
                local acks = source .. ':acks'
                local have = (call('HGET', acks, id) or ' ') .. group .. ' '
                for other in needed:gmatch('%S+') do
                    if not have:find(' ' .. other .. ' ', 1, true) then return call('HSET', acks, id, have) end
                end
                call('HDEL', acks, id)
                call('XDEL', source, id)
            end

            local function acknowledge()
                if #done == 0 then return end
                call('XACK', source, group, unpack(done))
                if needed == group or source:find(':retry.', 1, true) then call('XDEL', source, unpack(done))
                else for i = 1, #done do note(done[i]) end end
            end

            local answers, at, count = {}, 0, #ARGV
            while at < count do
                source, group, consumer, needed = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
                local items = tonumber(ARGV[at + 7])
                local isKnown, failure = pcall(look, ARGV[at + 5], ARGV[at + 6], items)
                at = at + 7
                for i = 1, items do
                    local ok, answer = isKnown, failure
                    if ok then ok, answer = pcall(apply, at + 1) end
                    if not ok then answer = text(answer) end
                    -- Told as the script's own error, so that who hears it looks for the new master; nothing was applied.
                    if not ok and answer:find('^READONLY') then return redis.error_reply(answer) end
                    answers[#answers + 1] = answer
                    at = at + 1 + ARGV[at + 1]
                end
                if isKnown then acknowledge() end
            end
            return answers
            """#)
}

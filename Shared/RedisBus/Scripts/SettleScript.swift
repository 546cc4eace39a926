extension Script {
    /// Applies commits and settlements, each of them completely or not at all.
    ///
    /// KEYS[1] is the partition's set of delayed entries. ARGV holds for each item the number of its tokens, then the
    /// tokens (see `SettleItem`). The answer has for each item 0 applied, 1 lost ownership, 2 conflict, or an error's text.
    ///
    /// An item checks everything before its first write. What can then still fail is the first write, for want of memory:
    /// so those that need memory come first and the acknowledgement last. (After its first write Redis lets a script finish.)
    static let settle = Script(
        name: "settle",
        source: #"""
            local APPLIED, LOST, CONFLICT = 0, 1, 2
            local delayed = KEYS[1]
            local at
            local function token() at = at + 1; return ARGV[at] end

            local function parse()
                local item = {kind = token(), changes = {}, outputs = {}}
                if item.kind ~= 'commit' then
                    item.source, item.group, item.consumer, item.id, item.needed = token(), token(), token(), token(), token()
                end
                if item.kind == 'retry' then item.target, item.delay, item.lane = token(), tonumber(token()), token() end
                if item.kind == 'release' then item.target, item.lane = token(), token() end
                if item.kind == 'reject' then
                    item.dead, item.stream, item.reason, item.detail = token(), token(), token(), token()
                end
                for i = 1, tonumber(token()) do
                    local change = {kind = token(), key = token()}
                    if change.kind == 'put' then
                        change.value, change.expecting, change.lifetime = token(), tonumber(token()), tonumber(token())
                    elseif change.kind == 'add' then change.member, change.score = token(), token()
                    elseif change.kind == 'remove' then change.member = token() end
                    item.changes[i] = change
                end
                for i = 1, tonumber(token()) do
                    item.outputs[i] = {key = token(), newest = tonumber(token()), event = token()}
                end
                return item
            end

            local function owns(item)
                local reply = redis.pcall('XPENDING', item.source, item.group, item.id, item.id, 1, item.consumer)
                if reply.err and not reply.err:find('^NOGROUP') then error(reply.err) end
                return not reply.err and #reply == 1
            end

            local function conflicts(item)
                for _, change in ipairs(item.changes) do
                    if change.kind == 'put' then
                        local version = redis.call('HGET', change.key, 'v')
                        if (tonumber(version or '0') or -1) ~= change.expecting then return true end
                        if not version and redis.call('EXISTS', change.key) == 1 then return true end
                    elseif change.kind == 'add' or change.kind == 'remove' then
                        redis.call('ZCARD', change.key)
                    end
                end
                return false
            end

            local function change(c)
                if c.kind == 'put' then
                    redis.call('HSET', c.key, 'v', c.expecting + 1, 'd', c.value)
                    if c.lifetime > 0 then redis.call('PEXPIRE', c.key, c.lifetime) else redis.call('PERSIST', c.key) end
                elseif c.kind == 'delete' then redis.call('DEL', c.key)
                elseif c.kind == 'add' then redis.call('ZADD', c.key, c.score, c.member)
                else redis.call('ZREM', c.key, c.member) end
            end

            local function emit(output)
                if output.newest > 0 then
                    redis.call('XADD', output.key, 'MAXLEN', '~', output.newest, '*', 'event', output.event, 'attempt', 1)
                else
                    redis.call('XADD', output.key, '*', 'event', output.event, 'attempt', 1)
                end
            end

            local function milliseconds()
                local time = redis.call('TIME')
                return time[1] * 1000 + math.floor(time[2] / 1000)
            end

            -- The entry's fields; nil when somebody deleted it.
            local function read(item)
                local entry = redis.call('XRANGE', item.source, item.id, item.id)[1]
                if not entry then return nil end
                local fields = {}
                for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
                return {event = fields.event or '', attempt = tonumber(fields.attempt) or 1,
                    first = fields.first or item.id:match('^%d+')}
            end

            local function delay(item)
                local entry = read(item)
                if not entry then return end
                local member = {item.source, item.id, item.target, entry.attempt + 1, entry.first, item.lane, entry.event}
                redis.call('ZADD', delayed, milliseconds() + item.delay, table.concat(member, '\n'))
            end

            local function release(item)
                local entry = read(item)
                if not entry then return end
                redis.call('XADD', item.target, '*', 'event', entry.event, 'attempt', entry.attempt, 'first', entry.first,
                    'lane', item.lane)
            end

            local function bury(item)
                local entry = read(item) or {event = '', attempt = 0, first = item.id:match('^%d+')}
                redis.call('XADD', item.dead, 'MAXLEN', '~', 100000, '*', 'event', entry.event, 'attempt', entry.attempt, 'reason', item.reason,
                    'detail', item.detail, 'stream', item.stream, 'entry', item.id, 'first', entry.first,
                    'last', milliseconds())
            end

            -- Removes an entry that nobody needs any more. Who has acknowledged one that others still need is noted beside the
            -- stream, so that a group that was destroyed and made again does not do it all a second time.
            local function acknowledge(item)
                redis.call('XACK', item.source, item.group, item.id)
                local isShared = item.needed ~= item.group and not item.source:find(':retry.', 1, true)
                if not isShared then return redis.call('XDEL', item.source, item.id) end
                local acks = item.source .. ':acks'
                local have = (redis.call('HGET', acks, item.id) or ' ') .. item.group .. ' '
                for group in item.needed:gmatch('%S+') do
                    if not have:find(' ' .. group .. ' ', 1, true) then return redis.call('HSET', acks, item.id, have) end
                end
                redis.call('HDEL', acks, item.id)
                if item.needed ~= '' then redis.call('XDEL', item.source, item.id) end
            end

            local function apply(item)
                if item.kind ~= 'commit' and not owns(item) then return LOST end
                if conflicts(item) then return CONFLICT end
                for _, c in ipairs(item.changes) do change(c) end
                for _, output in ipairs(item.outputs) do emit(output) end
                if item.kind == 'retry' then delay(item)
                elseif item.kind == 'release' then release(item)
                elseif item.kind == 'reject' then bury(item) end
                if item.kind ~= 'commit' then acknowledge(item) end
                return APPLIED
            end

            local answers, start = {}, 1
            while ARGV[start] do
                at = start
                local ok, answer = pcall(function() return apply(parse()) end)
                if not ok then answer = type(answer) == 'table' and answer.err or tostring(answer) end
                answers[#answers + 1] = answer
                start = start + tonumber(ARGV[start]) + 1
            end
            return answers
            """#)
}

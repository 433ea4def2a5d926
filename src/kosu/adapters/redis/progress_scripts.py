"""What the progress buffer lets Redis do: one script call each, whatever the number of heartbeats.

The first argument is a list of items, which msgpack packs: to pack arguments one by one costs this process more than
all that Redis does with them. The others are bytes, which Redis's msgpack does not know. Keys are put together by the
scripts, so all have to be on one node.
"""

from __future__ import annotations

PREFIX = "kosu:progress"
DIRTY = f"{PREFIX}:dirty"

_KEYS = f"""
local prefix, dirty = '{PREFIX}', '{DIRTY}'
local items = cmsgpack.unpack(ARGV[1])
"""

# Items: user, lesson, entry, score, and where a session must be as it was marked the keys of it and of its authority.
# Bytes: for each item what those must hold. Answers for each 1, 0 for one that may not be kept, or an error.
APPEND = (
    _KEYS
    + """
local function keep(number, user, lesson, entry, score, session, authority)
    local pair = user .. ':' .. lesson
    local viewing
    if session then
        local found = redis.call('MGET', prefix .. ':viewing:' .. pair, session, authority)
        if found[2] ~= ARGV[2 * number] or found[3] ~= ARGV[2 * number + 1] then return 0 end
        viewing = found[1]
    else
        viewing = redis.call('GET', prefix .. ':viewing:' .. pair)
    end
    if not viewing then return 0 end
    redis.call('RPUSH', prefix .. ':beats:' .. pair, viewing .. '\\n' .. entry)
    redis.call('SADD', prefix .. ':lessons:' .. user, lesson)
    redis.call('ZADD', dirty, 'NX', score, pair)
    return 1
end
local answers = {}
for number, item in ipairs(items) do
    -- One that fails, fails alone.
    local done, answer = pcall(keep, number, unpack(item))
    answers[number] = done and answer or tostring(type(answer) == 'table' and answer.err or answer)
end
return answers
"""
)

# Items: the user. Answers lesson, entries, lesson, entries, ….
PENDING = (
    _KEYS
    + """
local user, found = items[1], {}
for _, lesson in ipairs(redis.call('SMEMBERS', prefix .. ':lessons:' .. user)) do
    found[#found + 1] = lesson
    found[#found + 1] = redis.call('LRANGE', prefix .. ':beats:' .. user .. ':' .. lesson, 0, -1)
end
return found
"""
)

# Items: how many pairs at most, and after how many entries there are enough. Answers pair, entries, pair, entries, ….
OLDEST = (
    _KEYS
    + """
local found, count = {}, 0
for _, pair in ipairs(redis.call('ZRANGE', dirty, 0, items[1] - 1)) do
    local entries = redis.call('LRANGE', prefix .. ':beats:' .. pair, 0, items[2] - 1)
    found[#found + 1] = pair
    found[#found + 1] = entries
    count = count + #entries
    if count >= items[2] then break end
end
return found
"""
)

# Items: user, lesson, how long each of the entries is. Bytes: the entries of all, one after the other. They are removed
# by what they are, not by how many: another flush may have removed them already.
TRIM = (
    _KEYS
    + """
local entries, first = ARGV[2], 1
for _, item in ipairs(items) do
    local user, lesson, lengths = unpack(item)
    local pair = user .. ':' .. lesson
    local list = prefix .. ':beats:' .. pair
    for _, length in ipairs(lengths) do
        redis.call('LREM', list, 1, string.sub(entries, first, first + length - 1))
        first = first + length
    end
    if redis.call('EXISTS', list) == 0 then
        redis.call('SREM', prefix .. ':lessons:' .. user, lesson)
        redis.call('ZREM', dirty, pair)
    end
end
"""
)

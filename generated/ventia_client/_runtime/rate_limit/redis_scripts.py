"""The Lua scripts of redis_window: each is atomic, and goes by the clock of Redis.

Of the keys, `window` holds the slots by the time from when they count, `queue` the waiting ones by their tickets, `due`
the waiting ones by when they lose their places, `pause` when a pause began and how long it lasts, `pace` the time of
the next request and until when requests are spread; a mark says that a slot was given back. Times are in milliseconds,
but for tickets, which are in microseconds.
"""

from __future__ import annotations

from .pace import CATCH_UP, PATIENCE, SPEED
from .slots import GRACE, POLL

REMEMBERED = 600
"""Seconds for which a slot that was given back cannot be taken any more by a command that arrives late."""

_BEGIN = f"""
local window, pause, queue, due, pace = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local length, limit, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local spacing = length / limit / {SPEED}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function set_pause(lasts)
    redis.call('SET', pause, string.format('%d %d', now, lasts), 'PX', lasts)
    return lasts
end

local function paused()
    local from, lasts = string.match(redis.call('GET', pause) or '', '(%d+) (%d+)')
    if not from then return 0 end
    if tonumber(from) > now then return set_pause(tonumber(lasts)) end  -- the clock was set back
    return math.max(0, from + lasts - now)
end

local left = paused()
if wanted > left then left = set_pause(wanted) end

local from, spread = string.match(redis.call('GET', pace) or '0 0', '(%S+) (%S+)')
from, spread = tonumber(from), tonumber(spread)

local function set_pace(next)
    from = next
    redis.call('SET', pace, string.format('%.3f %d', from, spread), 'PX', length + 1000)
end

if spread > now + length then  -- the clock was set back
    spread = now + length
    set_pace(now)
end
"""

TAKE = f"""
local poll, grace = {POLL * 1000:.0f}, {GRACE * 1000:.0f}
{_BEGIN}
local mark, slot, ticket, longest = KEYS[6], ARGV[4], ARGV[5], tonumber(ARGV[6])

-- After the clock was set back, times lie in the future: they become now, or the latest that they can be.
local function hold_down(times, latest)
    for _, name in ipairs(redis.call('ZRANGEBYSCORE', times, string.format('(%d', latest), '+inf')) do
        redis.call('ZADD', times, latest, name)
    end
end

local function leave(name)
    redis.call('ZREM', queue, name)
    redis.call('ZREM', due, name)
end

if redis.call('EXISTS', mark) == 1 then return redis.error_reply('this slot was given back') end
hold_down(window, now)
hold_down(due, now + poll + grace)
redis.call('ZREMRANGEBYSCORE', window, '-inf', now - length - 1)
for _, name in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', now - 1)) do leave(name) end
if redis.call('ZSCORE', window, slot) then return {{0, 0, 0}} end

local ahead
if ticket == '0' then
    ahead = redis.call('ZRANK', queue, slot) or redis.call('ZCARD', queue)
    ticket = redis.call('ZSCORE', queue, slot)
else
    ahead = redis.call('ZCOUNT', queue, '-inf', '(' .. ticket)
end

local turn, place = 0, ahead - limit + redis.call('ZCARD', window)
if place >= 0 then  -- no slot is free for it
    local oldest = redis.call('ZRANGE', window, place % limit, place % limit, 'WITHSCORES')[2] or now
    turn = oldest + length + 1 - now + math.floor(place / limit) * length
    spread = now + length
    set_pace(from)
end
if spread > now then
    local since = ticket and ticket / 1000 or now
    local patience = math.min(since + {PATIENCE} * length, (since + now + longest) / 2)
    turn = math.max(turn, math.min(from + ahead * spacing, patience) - now)
end
local wait = math.ceil(math.max(turn, left))

if wait <= 0 then
    leave(slot)
    redis.call('ZADD', window, now, slot)
    redis.call('PEXPIRE', window, length + 1000)
    if spread > now then set_pace(math.max(from, now - {CATCH_UP * 1000:.0f}) + spacing) end
    return {{0, 0, 0}}
end

if not ticket then
    local last = redis.call('ZRANGE', queue, -1, -1, 'WITHSCORES')[2] or 0
    ticket = math.max(time[1] * 1000000 + time[2], last + 1)
end
redis.call('ZADD', queue, ticket, slot)
redis.call('ZADD', due, now + math.min(wait, poll) + grace, slot)
redis.call('PEXPIRE', queue, 60000)
redis.call('PEXPIRE', due, 60000)
return {{wait, left > turn and 1 or 0, tonumber(ticket)}}
"""
"""Takes a slot, or queues for it.

Keys: window, pause, queue, due, pace, the slot's mark. Arguments: the window's length, limit, a pause that is to begin
now, slot, ticket or 0, how long its call may still last. Returns how long to wait, 0 if the slot is
taken; whether that is for a pause; the ticket.
"""

END = f"""
{_BEGIN}
local mark = 5
for at = 4, #ARGV, 2 do
    local slot, age = ARGV[at], ARGV[at + 1]
    redis.call('ZREM', queue, slot)
    redis.call('ZREM', due, slot)
    if age == 'unused' or age == 'unknown' then
        local freed = redis.call('ZREM', window, slot)
        if spread > now then set_pace(from - freed * spacing) end
    else
        redis.call('ZADD', window, now - age, slot)
        redis.call('PEXPIRE', window, length + 1000)
    end
    if age == 'unknown' then
        mark = mark + 1
        redis.call('SET', KEYS[mark], 1, 'PX', {REMEMBERED * 1000})
    end
end
return 0
"""
"""Ends slots, or counts them from later on.

Keys: window, pause, queue, due, pace, a mark for each slot of which it is unknown whether it will still be taken.
Arguments: the window's length, limit, a pause that is to begin now, and for each slot its name and the time since when
it counts, or `unused`, or `unknown`.
"""

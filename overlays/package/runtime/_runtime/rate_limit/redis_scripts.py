"""What happens in Redis, whole and by its clock: the scripts of redis_window.

Of the keys, `window` holds the slots by the time from when they count, `queue` those that wait by their tickets, `due`
those that wait by the time until when they keep their places, `pause` the time from when nobody sends and for how long,
and a mark that a slot was given back. Times are in milliseconds, but for tickets, which are in microseconds.
"""

from __future__ import annotations

from .slots import GRACE, POLL

REMEMBERED = 600
"""Seconds for which a slot that was given back cannot be taken any more by a command that arrives late."""

_BEGIN = """
local window, pause, queue, due = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local length, asked = tonumber(ARGV[1]), tonumber(ARGV[2])
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
if asked > left then left = set_pause(asked) end
"""

TAKE = f"""
local poll, grace = {POLL * 1000:.0f}, {GRACE * 1000:.0f}
{_BEGIN}
local mark, slot, limit, ticket = KEYS[5], ARGV[3], tonumber(ARGV[4]), ARGV[5]

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
for at = 6, #ARGV do redis.call('ZADD', window, 'XX', now, ARGV[at]) end
redis.call('ZREMRANGEBYSCORE', window, '-inf', now - length - 1)
for _, name in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', now - 1)) do leave(name) end
if redis.call('ZSCORE', window, slot) then return {{0, 0, 0}} end

local place
if ticket == '0' then
    place = redis.call('ZRANK', queue, slot) or redis.call('ZCARD', queue)
else
    place = redis.call('ZCOUNT', queue, '-inf', '(' .. ticket)
end
place = place - limit + redis.call('ZCARD', window)  -- among those for whom no slot is free, from 0

if place < 0 and left == 0 then
    leave(slot)
    redis.call('ZADD', window, now, slot)
    redis.call('PEXPIRE', window, length + 1000)
    return {{0, 0, 0}}
end

local turn = 0
if place >= 0 then
    local oldest = redis.call('ZRANGE', window, place % limit, place % limit, 'WITHSCORES')[2] or now
    turn = oldest + length + 1 - now + math.floor(place / limit) * length
end
if ticket == '0' then
    local last = redis.call('ZRANGE', queue, -1, -1, 'WITHSCORES')[2] or 0
    ticket = redis.call('ZSCORE', queue, slot) or math.max(time[1] * 1000000 + time[2], last + 1)
end
local wait = math.max(turn, left)
redis.call('ZADD', queue, ticket, slot)
redis.call('ZADD', due, now + math.min(wait, poll) + grace, slot)
redis.call('PEXPIRE', queue, 60000)
redis.call('PEXPIRE', due, 60000)
return {{wait, left > turn and 1 or 0, tonumber(ticket)}}
"""
"""Takes a slot, or queues for it; refreshes slots that are in flight.

Keys: window, pause, queue, due, the slot's mark. Arguments: the window's length, a pause that is to begin now, slot,
limit, ticket or 0, slots to refresh. Returns how long to wait, 0 if the slot is taken; whether that is for a pause; the
ticket.
"""

END = f"""
{_BEGIN}
local mark = 4
for at = 3, #ARGV, 2 do
    local slot, age = ARGV[at], ARGV[at + 1]
    redis.call('ZREM', queue, slot)
    redis.call('ZREM', due, slot)
    if age == 'unused' or age == 'unknown' then
        redis.call('ZREM', window, slot)
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
"""Ends slots.

Keys: window, pause, queue, due, a mark for each slot of which it is unknown whether it will still be taken. Arguments:
the window's length, a pause that is to begin now, and for each slot its name and the time since it was answered, or
`unused`, or `unknown`.
"""

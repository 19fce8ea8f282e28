"""The steps of a ledger on Redis, each a script that Redis runs at once.

KEYS: a hash of the records by their keys, an index of those that are open and one of those that were taken, both by
when the call began, and a name that Redis loses with the records. ARGV begins with that name as the caller knows it,
empty at first, and a new one. Each returns the name, empty if it is another, and what it found.
"""

COMMON = """
local records, open, taken = KEYS[1], KEYS[2], KEYS[3]
if ARGV[1] == '' then
    redis.call('SET', KEYS[4], ARGV[2], 'NX')
elseif redis.call('GET', KEYS[4]) ~= ARGV[1] then
    return {'', false}
end
local born = redis.call('GET', KEYS[4])
"""

ADD = """
local key, record, began = ARGV[3], ARGV[4], ARGV[5]
if redis.call('HSETNX', records, key, record) == 0 then
    return {born, redis.call('HGET', records, key)}
end
redis.call('ZADD', open, began, key)
return {born, ''}
"""

CHANGE = """
local key, record, new, began, is_taken = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local found = redis.call('HGET', records, key)
if found == new or (not found and not new) then
    return {born, 1}
elseif found ~= record then
    return {born, 0}
end
redis.call('ZREM', open, key)
redis.call('ZREM', taken, key)
if new then
    redis.call('HSET', records, key, new)
    redis.call('ZADD', is_taken == '1' and taken or open, began, key)
else
    redis.call('HDEL', records, key)
end
return {born, 1}
"""

FORGET = """
local index, before, some = ARGV[3], ARGV[4], ARGV[5]
local keys = redis.call('ZRANGEBYSCORE', index, '-inf', '(' .. before, 'LIMIT', 0, some)
for _, key in ipairs(keys) do
    redis.call('HDEL', records, key)
    redis.call('ZREM', index, key)
end
return {born, #keys}
"""

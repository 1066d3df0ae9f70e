"""What runs inside Redis: one call leases requests, tokens and parallel calls for all meters that are short of them.

For each meter and minute there is a hash with what all processes took (`r`, `t`), and for each meter a hash with the
parallel calls that each process holds. Processes that gave no sign of life for a while hold nothing.
"""

PREFIX = "rbacadmin:limits:"
PROCESSES = f"{PREFIX}processes"
KEEP = 180  # seconds that the counts of a minute are kept: twice the window and some
ALIVE = 5  # seconds that a process is taken for alive without a sign of life

# KEYS: processes, then for each meter this minute, the last minute, parallel calls.
# ARGV: process, clock (s), part of the last minute that still counts, then for each meter ten numbers: limits of
# requests, tokens, parallel calls (-1: none); what is owed of requests and tokens; for each of the three what is needed
# at least and, for requests and tokens, what would be a good batch.
# Answer: processes alive, then for each meter: granted and left of requests, tokens, parallel calls, and what this
# minute and the last one hold of requests and tokens.
TAKE = """
local now, covered = tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local alive = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do alive[name] = true end
alive[ARGV[1]] = true
local count = 0
for _ in pairs(alive) do count = count + 1 end
local answer = {count}

local function window(key, before, field, limit, owed, need, batch)
  if owed ~= 0 then redis.call('HINCRBY', key, field, owed) end
  local used = tonumber(redis.call('HGET', key, field) or 0)
  local past = tonumber(redis.call('HGET', before, field) or 0)
  if limit < 0 then return 0, 0, used, past end
  local left = limit - used - math.ceil(past * covered)
  local grant = 0
  if need > 0 and left >= need then
    -- the nearer the limit, the smaller the batch: what one process holds, the others lack
    grant = math.min(left, math.max(need, math.min(batch, math.floor(left / (2 * count)))))
    redis.call('HINCRBY', key, field, grant)
  end
  return grant, math.max(left - grant, 0), used + grant, past
end

for i = 0, (#KEYS - 1) / 3 - 1 do
  local key, before, slots = KEYS[3 * i + 2], KEYS[3 * i + 3], KEYS[3 * i + 4]
  local a = {}
  for j = 1, 10 do a[j] = tonumber(ARGV[3 + 10 * i + j]) end
  local r, rl, ru, rp = window(key, before, 'r', a[1], a[4], a[6], a[7])
  local t, tl, tu, tp = window(key, before, 't', a[2], a[5], a[8], a[9])
  if redis.call('EXISTS', key) == 1 then redis.call('EXPIRE', key, 180) end
  local p, pl = 0, 0
  if a[3] >= 0 then
    local held, flat = 0, redis.call('HGETALL', slots)
    for j = 1, #flat, 2 do
      if alive[flat[j]] then held = held + tonumber(flat[j + 1]) else redis.call('HDEL', slots, flat[j]) end
    end
    pl = math.max(a[3] - held, 0)
    if a[10] > 0 and pl > 0 then
      p = math.min(pl, a[10])
      redis.call('HINCRBY', slots, ARGV[1], p)
      redis.call('EXPIRE', slots, 3600)
      pl = pl - p
    end
  end
  for _, value in ipairs({r, rl, t, tl, p, pl, ru, rp, tu, tp}) do answer[#answer + 1] = value end
end
return answer
"""


def window_key(meter: str, window: int) -> str:
    """Where the requests and tokens of one minute are counted."""
    return f"{PREFIX}{meter}:{window}"


def slots_key(meter: str) -> str:
    """Where the parallel calls of each process are counted."""
    return f"{PREFIX}{meter}:parallel"

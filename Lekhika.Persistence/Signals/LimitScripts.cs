namespace Lekhika.Persistence.Signals;

/// <summary>
/// What Redis does at one blow, by its own clock in microseconds. A key's leases are a sorted set of ids by expiry, its requests one of
/// ids by time, its tokens one of <c>id:amount</c> by time, with their sum beside it.
/// </summary>
internal static class LimitScripts
{
    /// <summary>Drops the tokens that left the window and keeps their sum; a sum that is lost is added up again.</summary>
    private const string Prelude = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local function amount(member) return tonumber(string.match(member, ':(%d+)$')) end
        local function tokens_in_window(tokens, sum, window)
            local total = tonumber(redis.call('GET', sum) or '-1')
            if total < 0 then
                total = 0
                for _, member in ipairs(redis.call('ZRANGE', tokens, 0, -1)) do total = total + amount(member) end
            end
            for _, member in ipairs(redis.call('ZRANGEBYSCORE', tokens, '-inf', now - window)) do total = total - amount(member) end
            redis.call('ZREMRANGEBYSCORE', tokens, '-inf', now - window)
            if redis.call('ZCARD', tokens) == 0 then total = 0 end
            return total
        end
        local function keep(tokens, sum, total, window)
            redis.call('SET', sum, string.format('%.0f', total), 'PX', math.ceil(window / 1000))
            redis.call('PEXPIRE', tokens, math.ceil(window / 1000))
        end

        """;

    /// <summary>
    /// KEYS: leases, requests, tokens, sum, next. ARGV: id, window, lease, limits of concurrency, requests and tokens (-1: none), tokens
    /// wanted, process. The last free place is for the process that was refused one first and still asks: whoever gives a place back hears
    /// of it before all others, and would always have it again.
    /// Answers {1, now} when all was taken, {0, microseconds to wait} when nothing was.
    /// </summary>
    public const string Take = Prelude + """
        local id, window, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
        local concurrency, requests, tokens, wanted = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
        local full, wait, total, next = false, 0, 0, false
        if concurrency >= 0 then
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
            local free = concurrency - redis.call('ZCARD', KEYS[1])
            next = redis.call('GET', KEYS[5])
            full = free <= 0 or free == 1 and next and next ~= ARGV[8]
            if full and (not next or next == ARGV[8]) then redis.call('SET', KEYS[5], ARGV[8], 'PX', 500) end
        end
        if requests >= 0 then
            redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - window)
            local over = redis.call('ZCARD', KEYS[2]) - requests
            if over >= 0 then
                local last = redis.call('ZRANGE', KEYS[2], over, over, 'WITHSCORES')
                wait = last[2] and tonumber(last[2]) + window - now or window
            end
        end
        if tokens >= 0 then
            total = tokens_in_window(KEYS[3], KEYS[4], window)
            local left, at = total, 0
            while left > 0 and left + wanted > tokens do
                local oldest = redis.call('ZRANGE', KEYS[3], at, at + 99, 'WITHSCORES')
                if #oldest == 0 then break end
                for entry = 1, #oldest, 2 do
                    left = left - amount(oldest[entry])
                    if left + wanted <= tokens or left <= 0 then
                        wait = math.max(wait, tonumber(oldest[entry + 1]) + window - now)
                        left = 0
                        break
                    end
                end
                at = at + 100
            end
        end
        if full or wait > 0 then return { 0, wait } end
        if next == ARGV[8] then redis.call('DEL', KEYS[5]) end
        if concurrency >= 0 then
            redis.call('ZADD', KEYS[1], now + lease, id)
            redis.call('PEXPIRE', KEYS[1], math.ceil(lease / 1000))
        end
        if requests >= 0 then
            redis.call('ZADD', KEYS[2], now, id)
            redis.call('PEXPIRE', KEYS[2], math.ceil(window / 1000))
        end
        if tokens >= 0 then
            redis.call('ZADD', KEYS[3], now, id .. ':' .. ARGV[7])
            keep(KEYS[3], KEYS[4], total + wanted, window)
        end
        return { 1, now }
        """;

    /// <summary>KEYS: leases. ARGV: id, lease. A lease that has vanished is there again: its call runs.</summary>
    public const string Renew = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
        redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[2] / 1000))
        return now
        """;

    /// <summary>
    /// KEYS: leases, tokens, sum. ARGV: id, window, tokens taken (-1: they are not limited), tokens used. What was used beyond the estimate
    /// counts from now, since nobody knows when it was; what was not used is given back.
    /// </summary>
    public const string Release = Prelude + """
        local id, window, taken, used = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        redis.call('ZREM', KEYS[1], id)
        if taken < 0 or taken == used then return now end
        local total = tokens_in_window(KEYS[2], KEYS[3], window)
        if used > taken then
            redis.call('ZADD', KEYS[2], now, id .. '+:' .. string.format('%.0f', used - taken))
            keep(KEYS[2], KEYS[3], total + used - taken, window)
            return now
        end
        local at = redis.call('ZSCORE', KEYS[2], id .. ':' .. ARGV[3])
        if at then
            redis.call('ZREM', KEYS[2], id .. ':' .. ARGV[3])
            redis.call('ZADD', KEYS[2], at, id .. ':' .. ARGV[4])
            keep(KEYS[2], KEYS[3], total + used - taken, window)
        end
        return now
        """;
}

GRANT SELECT (id, level_id) ON users TO lekhika_doors;
GRANT SELECT (id, weight, max_running) ON levels TO lekhika_doors;
GRANT SELECT, UPDATE ON queue_controls TO lekhika_doors;

-- Claims runs whose lease has run out, then waiting ones: the higher priority first; of equal priority the tenant whose share of the
-- work under way is smallest for his level's weight, never more than his level allows, of one concurrency key one at a time.
-- One claim at a time, so that shares, limits and keys are exact. Time is the database's alone, taken after the wait for the turn.
CREATE OR REPLACE FUNCTION claim_runs(worker text, most integer, lease interval)
    RETURNS TABLE (id uuid, user_id uuid, attempt integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    at timestamptz;
BEGIN
    IF most < 1 OR (NOT EXISTS (SELECT FROM engine_executions e WHERE e.status = 'queued')
        AND NOT EXISTS (SELECT FROM engine_executions e WHERE e.lease_until < now())) THEN
        RETURN;
    END IF;

    PERFORM pg_advisory_xact_lock(x'4C454B48434C4D'::bigint); -- "LEKHCLM"
    at := clock_timestamp();
    RETURN QUERY
    WITH RECURSIVE lost AS (
        SELECT e.id FROM engine_executions e
        WHERE e.lease_until < at
        ORDER BY e.lease_until LIMIT most FOR UPDATE SKIP LOCKED
    ), tenants AS (
        (SELECT e.user_id AS tenant FROM engine_executions e
         WHERE e.status = 'queued' AND NOT (SELECT q.paused FROM queue_controls q)
         ORDER BY e.user_id LIMIT 1)
        UNION ALL
        SELECT (SELECT e.user_id FROM engine_executions e WHERE e.status = 'queued' AND e.user_id > t.tenant ORDER BY e.user_id LIMIT 1)
        FROM tenants t WHERE t.tenant IS NOT NULL
    ), shares AS (
        SELECT t.tenant, l.weight, working.runs, least(most, l.max_running - working.runs) AS room
        FROM tenants t
        JOIN users u ON u.id = t.tenant
        JOIN levels l ON l.id = u.level_id
        CROSS JOIN LATERAL (SELECT count(*)::integer AS runs FROM engine_executions w WHERE w.user_id = t.tenant AND w.lease_until IS NOT NULL) working
    ), candidates AS (
        SELECT c.id, c.priority, c.queued_at, (s.runs + c.nth)::float8 / s.weight AS turn
        FROM shares s
        CROSS JOIN LATERAL (
            SELECT e.id, e.priority, e.queued_at, row_number() OVER (ORDER BY e.priority DESC, e.queued_at, e.id) AS nth
            FROM engine_executions e
            WHERE e.user_id = s.tenant AND e.status = 'queued'
              AND (e.concurrency_key IS NULL OR NOT EXISTS (
                  SELECT FROM engine_executions k
                  WHERE k.user_id = s.tenant AND k.concurrency_key = e.concurrency_key
                    AND (k.status IN ('running', 'stopping')
                         OR (k.status = 'queued' AND (-k.priority, k.queued_at, k.id) < (-e.priority, e.queued_at, e.id)))))
            ORDER BY e.priority DESC, e.queued_at, e.id LIMIT greatest(s.room, 0)
        ) c
    ), chosen AS (
        SELECT c.id FROM candidates c
        ORDER BY c.priority DESC, c.turn, c.queued_at LIMIT most - (SELECT count(*) FROM lost)
    ), waiting AS (
        SELECT e.id FROM engine_executions e
        WHERE e.id IN (SELECT c.id FROM chosen c) AND e.status = 'queued' FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE engine_executions e
        SET status = CASE WHEN e.status = 'queued' THEN 'running' ELSE e.status END,
            attempt = e.attempt + 1,
            lease_owner = worker,
            lease_until = at + lease,
            last_seq = e.last_seq + 1,
            fruitless_claims = e.fruitless_claims + 1,
            started_at = coalesce(e.started_at, at),
            ran_for = e.ran_for + coalesce(at - e.running_since, '0'),
            running_since = at
        FROM (SELECT l.id, true AS takeover FROM lost l UNION ALL SELECT w.id, false FROM waiting w) due
        WHERE e.id = due.id
        RETURNING e.id, e.user_id, e.attempt, e.last_seq, due.takeover
    ), journalled AS (
        INSERT INTO execution_events (execution_id, seq, user_id, type, data)
        SELECT c.id, c.last_seq, c.user_id, 'run.claimed', jsonb_build_object('worker', worker, 'attempt', c.attempt, 'takeover', c.takeover)
        FROM claimed c
    )
    SELECT c.id, c.user_id, c.attempt FROM claimed c;
END $$;

-- Runs that the worker holds and of which somebody has asked something since it last looked: a stop, a pause, a decision.
CREATE FUNCTION requested_runs(worker text)
    RETURNS TABLE (id uuid, user_id uuid, attempt integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.id, e.user_id, e.attempt FROM engine_executions e
    WHERE e.lease_owner = worker AND e.lease_until IS NOT NULL AND e.requests > e.requests_seen;
$$;

-- Whose run it is: operators at the worker's internal port name a run by its id alone.
CREATE FUNCTION find_execution(execution uuid)
    RETURNS TABLE (user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.user_id FROM engine_executions e WHERE e.id = execution;
$$;

-- How many runs are in each state, for operators; figures, no ids.
CREATE FUNCTION count_runs()
    RETURNS TABLE (status text, runs bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.status, count(*) FROM engine_executions e GROUP BY e.status;
$$;

-- Lets workers take waiting runs, or keeps them from it; answers what holds now.
CREATE FUNCTION pause_queue(pause boolean)
    RETURNS TABLE (paused boolean)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE queue_controls q SET paused = pause RETURNING q.paused;
$$;

DO $$
DECLARE door regprocedure;
BEGIN
    FOREACH door IN ARRAY ARRAY[
        'requested_runs(text)', 'find_execution(uuid)', 'count_runs()', 'pause_queue(boolean)'
    ]::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO lekhika_doors', door);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO lekhika_worker', door);
    END LOOP;
END $$;

-- What is claimed is found by its key. As joins, both took the server through every run that waits, and then through every run that there has ever been, since a plan
-- for any number of lost leases reckons with a third of them. Otherwise the function is that of 0012.
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
        WHERE e.id = ANY (ARRAY(SELECT c.id FROM chosen c)) AND e.status = 'queued' FOR UPDATE SKIP LOCKED
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
        WHERE e.id = ANY (ARRAY(SELECT l.id FROM lost l UNION ALL SELECT w.id FROM waiting w))
        RETURNING e.id, e.user_id, e.attempt, e.last_seq, EXISTS (SELECT FROM lost l WHERE l.id = e.id) AS takeover
    ), journalled AS (
        INSERT INTO execution_events (execution_id, seq, user_id, type, data)
        SELECT c.id, c.last_seq, c.user_id, 'run.claimed', jsonb_build_object('worker', worker, 'attempt', c.attempt, 'takeover', c.takeover)
        FROM claimed c
    )
    SELECT c.id, c.user_id, c.attempt FROM claimed c;
END $$;

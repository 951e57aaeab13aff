-- The doors: the only code that sees across tenants. Each is owned by lekhika_doors, has a fixed search path, answers ids,
-- and is granted to the one service that needs it. docs/doors.md lists them; a test fails when there is one more.
GRANT SELECT, UPDATE ON engine_executions, export_jobs TO lekhika_doors;
GRANT SELECT (id, user_id, hash, revoked_at, expires_at) ON api_keys TO lekhika_doors;
GRANT SELECT (id, email, is_active) ON users TO lekhika_doors;
GRANT INSERT ON execution_events TO lekhika_doors;

-- Claims waiting runs, and runs whose lease has run out, in one statement; the claim's event is written with it.
-- Time is the database's alone.
CREATE FUNCTION claim_runs(worker text, most integer, lease interval)
    RETURNS TABLE (id uuid, user_id uuid, attempt integer)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH lost AS (
        SELECT e.id FROM engine_executions e
        WHERE e.lease_until < now()
        ORDER BY e.lease_until LIMIT most FOR UPDATE SKIP LOCKED
    ), waiting AS (
        SELECT e.id FROM engine_executions e
        WHERE e.status = 'queued'
        ORDER BY e.priority DESC, e.queued_at LIMIT most FOR UPDATE SKIP LOCKED
    ), due AS (
        SELECT lost.id, true AS takeover FROM lost
        UNION ALL
        SELECT waiting.id, false FROM waiting
        LIMIT most
    ), claimed AS (
        UPDATE engine_executions e
        SET status = CASE WHEN e.status = 'queued' THEN 'running' ELSE e.status END,
            attempt = e.attempt + 1,
            lease_owner = worker,
            lease_until = now() + lease,
            last_seq = e.last_seq + 1,
            started_at = coalesce(e.started_at, now())
        FROM due WHERE e.id = due.id
        RETURNING e.id, e.user_id, e.attempt, e.last_seq, due.takeover
    ), journalled AS (
        INSERT INTO execution_events (execution_id, seq, user_id, type, data)
        SELECT claimed.id, claimed.last_seq, claimed.user_id, 'run.claimed',
               jsonb_build_object('worker', worker, 'attempt', claimed.attempt, 'takeover', claimed.takeover)
        FROM claimed
    )
    SELECT claimed.id, claimed.user_id, claimed.attempt FROM claimed;
$$;

-- Claims export jobs likewise. A format that uses the PDF's pages waits until the PDF of its order has ended.
CREATE FUNCTION claim_exports(exporter text, most integer, lease interval)
    RETURNS TABLE (id uuid, user_id uuid, attempt integer)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH due AS (
        SELECT j.id FROM export_jobs j
        WHERE (j.status = 'queued' OR (j.status = 'running' AND j.lease_until < now()))
          AND NOT (j.uses_pages AND EXISTS (
              SELECT FROM export_jobs p
              WHERE p.execution_id = j.execution_id AND p.order_no = j.order_no AND p.format = 'pdf'
                AND p.status IN ('queued', 'running')))
        ORDER BY j.created_at, j.format <> 'pdf' LIMIT most FOR UPDATE SKIP LOCKED
    )
    UPDATE export_jobs j
    SET status = 'running', attempt = j.attempt + 1, lease_owner = exporter, lease_until = now() + lease
    FROM due WHERE j.id = due.id
    RETURNING j.id, j.user_id, j.attempt;
$$;

-- The key with this hash, if it may be used now.
CREATE FUNCTION find_key(key_hash bytea)
    RETURNS TABLE (id uuid, user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT k.id, k.user_id FROM api_keys k JOIN users u ON u.id = k.user_id
    WHERE k.hash = key_hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND u.is_active;
$$;

-- The user who logs in with this address.
CREATE FUNCTION find_login(login_email text)
    RETURNS TABLE (user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT u.id FROM users u WHERE lower(u.email) = lower(login_email) AND u.is_active;
$$;

DO $$
DECLARE door regprocedure;
BEGIN
    FOREACH door IN ARRAY ARRAY[
        'claim_runs(text, integer, interval)', 'claim_exports(text, integer, interval)', 'find_key(bytea)', 'find_login(text)'
    ]::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO lekhika_doors', door);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION claim_runs(text, integer, interval) TO lekhika_worker;
GRANT EXECUTE ON FUNCTION claim_exports(text, integer, interval) TO lekhika_exporter;
GRANT EXECUTE ON FUNCTION find_key(bytea), find_login(text) TO lekhika_api;

-- As 0030 and 0031 did for the claims: what doors ask and change is found by key, however many batches, calls and files there have been. Otherwise the functions are those of
-- 0016 and 0022. The leases of a tenant's batches had no index, so that each batch that was due read all that there ever were.
SET LOCAL ROLE lekhika_owner;
CREATE INDEX ai_batches_leased ON ai_batches (user_id) WHERE lease_until IS NOT NULL;
RESET ROLE;

CREATE OR REPLACE FUNCTION claim_batches(worker text, most integer, lease interval)
    RETURNS TABLE (id uuid, user_id uuid, attempt integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := clock_timestamp();
BEGIN
    RETURN QUERY
    WITH due AS (
        SELECT b.id, b.look_at, row_number() OVER (PARTITION BY b.user_id ORDER BY b.look_at, b.id)
               + (SELECT count(*) FROM ai_batches l WHERE l.user_id = b.user_id AND l.lease_until >= at) AS turn
        FROM ai_batches b
        WHERE b.state <> 'ended' AND (b.lease_until IS NULL OR b.lease_until < at)
          AND (b.look_at <= at OR (b.cancelled_at IS NULL AND (
              b.deadline <= at
              OR (SELECT e.status FROM engine_executions e WHERE e.id = b.execution_id) NOT IN ('queued', 'running', 'paused')
              -- OFFSET 0: asked of each batch by its key, and not joined with all the calls that wait.
              OR NOT EXISTS (SELECT FROM ai_batch_calls c WHERE c.batch_id = b.id AND c.state IN ('waiting', 'submitted') OFFSET 0))))
    ), free AS (
        -- Of one tenant few at a time: its provider may be slow.
        SELECT b.id FROM ai_batches b
        WHERE b.id = ANY (ARRAY(SELECT due.id FROM due WHERE due.turn <= 4 ORDER BY due.turn, due.look_at LIMIT most))
          AND b.state <> 'ended' AND (b.lease_until IS NULL OR b.lease_until < at)
        FOR UPDATE OF b SKIP LOCKED
    )
    UPDATE ai_batches b SET attempt = b.attempt + 1, lease_owner = worker, lease_until = at + lease
    WHERE b.id = ANY (ARRAY(SELECT free.id FROM free))
    RETURNING b.id, b.user_id, b.attempt;
END $$;

CREATE OR REPLACE FUNCTION batch_rests_over(most integer)
    RETURNS TABLE (id uuid, user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.id, e.user_id FROM engine_executions e
    WHERE e.waits_for_batch AND NOT EXISTS (
        SELECT FROM ai_batch_calls c WHERE c.execution_id = e.id AND c.settled_at IS NULL AND c.state IN ('waiting', 'submitted') OFFSET 0)
    LIMIT most;
$$;

CREATE OR REPLACE FUNCTION remove_files(age interval, newest integer, most integer)
    RETURNS TABLE (id uuid, user_id uuid)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH old AS (
        SELECT f.id FROM files f
        WHERE f.removed_at IS NULL AND f.created_at < now() - age
          AND newest <= (
              SELECT count(*) FROM (
                  SELECT FROM files n
                  WHERE n.execution_id = f.execution_id AND n.format = f.format AND n.removed_at IS NULL AND (n.created_at, n.id) > (f.created_at, f.id)
                  LIMIT newest
              ) newer)
        ORDER BY f.created_at LIMIT most FOR UPDATE SKIP LOCKED
    ), removed AS (
        UPDATE files f SET removed_at = now() WHERE f.id = ANY (ARRAY(SELECT old.id FROM old))
        RETURNING f.id, f.user_id, f.object_id
    ), contents AS (
        DELETE FROM file_contents c WHERE c.file_id = ANY (ARRAY(SELECT removed.id FROM removed))
    ), objects AS (
        UPDATE file_objects o SET kept = false WHERE o.id = ANY (ARRAY(SELECT removed.object_id FROM removed))
    )
    SELECT removed.id, removed.user_id FROM removed;
$$;

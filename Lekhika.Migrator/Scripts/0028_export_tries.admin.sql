-- What is counted against an export job. Attempts are not: they number its claims and fence them, and a claim that an exporter hands back when
-- it is told to stop says nothing about the book.
SET LOCAL ROLE lekhika_owner;
ALTER TABLE export_jobs
    ADD COLUMN crashes  integer NOT NULL DEFAULT 0 CHECK (crashes >= 0),  -- claims whose lease ran out: the exporter died over it, or was cut off
    ADD COLUMN timeouts integer NOT NULL DEFAULT 0 CHECK (timeouts >= 0); -- claims that took too long and were given back
GRANT UPDATE (timeouts) ON export_jobs TO lekhika_exporter;
RESET ROLE;

-- As before, but it counts the leases that have run out, and answers what has been counted.
DROP FUNCTION claim_exports(text, integer, interval);
CREATE FUNCTION claim_exports(exporter text, most integer, lease interval)
    RETURNS TABLE (id uuid, user_id uuid, attempt integer, crashes integer, timeouts integer)
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
    SET status = 'running', attempt = j.attempt + 1, lease_owner = exporter, lease_until = now() + lease,
        crashes = j.crashes + CASE j.status WHEN 'running' THEN 1 ELSE 0 END
    FROM due WHERE j.id = due.id
    RETURNING j.id, j.user_id, j.attempt, j.crashes, j.timeouts;
$$;
ALTER FUNCTION claim_exports(text, integer, interval) OWNER TO lekhika_doors;
REVOKE ALL ON FUNCTION claim_exports(text, integer, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_exports(text, integer, interval) TO lekhika_exporter;

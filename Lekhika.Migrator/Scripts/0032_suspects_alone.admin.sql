-- As in 0031, but what takes the PDF's pages waits only until these are known (the PDF is set, and may still be checked), and a job over which an exporter has died is made alone: who holds one is given nothing else, and who holds anything is not given one. Else the jobs of others
-- that happen to lie beside it are counted with it each time, and fail for a book that is not theirs. What is due behind it waits until it is alone, so that it is not put off for ever.
CREATE OR REPLACE FUNCTION claim_exports(exporter text, most integer, lease interval)
    RETURNS TABLE (id uuid, user_id uuid, attempt integer, crashes integer, timeouts integer)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH held AS (
        SELECT count(*) AS jobs, count(*) FILTER (WHERE h.crashes > 0) AS suspects
        FROM export_jobs h WHERE h.status = 'running' AND h.lease_owner = exporter AND h.lease_until >= now()
    ), due AS (
        SELECT j.id, j.created_at, j.format, j.crashes > 0 OR j.status = 'running' AS is_suspect FROM export_jobs j
        WHERE (j.status = 'queued' OR (j.status = 'running' AND j.lease_until < now()))
          AND NOT (j.uses_pages AND EXISTS (
              SELECT FROM export_jobs p
              WHERE p.execution_id = j.execution_id AND p.order_no = j.order_no AND p.format = 'pdf'
                AND p.status IN ('queued', 'running') AND p.pages IS NULL))
        ORDER BY j.created_at, j.format <> 'pdf' LIMIT most FOR UPDATE SKIP LOCKED
    ), placed AS (
        SELECT d.id, d.is_suspect, row_number() OVER before AS place, count(*) FILTER (WHERE d.is_suspect) OVER before AS suspects
        FROM due d WINDOW before AS (ORDER BY d.created_at, d.format <> 'pdf', d.id ROWS UNBOUNDED PRECEDING)
    )
    UPDATE export_jobs j
    SET status = 'running', attempt = j.attempt + 1, lease_owner = exporter, lease_until = now() + lease,
        crashes = j.crashes + CASE j.status WHEN 'running' THEN 1 ELSE 0 END
    WHERE j.id = ANY (ARRAY(
        SELECT p.id FROM placed p, held
        WHERE held.suspects = 0 AND CASE WHEN p.is_suspect THEN held.jobs = 0 AND p.place = 1 ELSE p.suspects = 0 END))
    RETURNING j.id, j.user_id, j.attempt, j.crashes, j.timeouts;
$$;

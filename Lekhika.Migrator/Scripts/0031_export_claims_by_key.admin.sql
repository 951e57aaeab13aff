-- As in 0028, but what is claimed is found by its key (0030 says why).
CREATE OR REPLACE FUNCTION claim_exports(exporter text, most integer, lease interval)
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
    WHERE j.id = ANY (ARRAY(SELECT due.id FROM due))
    RETURNING j.id, j.user_id, j.attempt, j.crashes, j.timeouts;
$$;

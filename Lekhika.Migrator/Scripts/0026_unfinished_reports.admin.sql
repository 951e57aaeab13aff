-- Reports that nobody completes any more, since their exporter was killed: found by the exporter's sweep, whosever they are.
CREATE INDEX preflight_unfinished ON preflight_reports (checked_at) WHERE NOT is_complete;
GRANT SELECT (export_job_id, user_id, is_complete, checked_at) ON preflight_reports TO lekhika_doors;

CREATE FUNCTION unfinished_reports(age interval, most integer)
    RETURNS TABLE (id uuid, user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.export_job_id, r.user_id FROM preflight_reports r
    WHERE NOT r.is_complete AND r.checked_at < now() - age
    ORDER BY r.checked_at LIMIT most;
$$;
ALTER FUNCTION unfinished_reports(interval, integer) OWNER TO lekhika_doors;
REVOKE ALL ON FUNCTION unfinished_reports(interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unfinished_reports(interval, integer) TO lekhika_exporter;

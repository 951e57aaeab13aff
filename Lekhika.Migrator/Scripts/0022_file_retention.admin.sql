-- Retention: what is old goes, whosever it is. Both doors belong to the exporter's sweep.
GRANT SELECT, UPDATE (removed_at) ON files TO lekhika_doors;
GRANT SELECT (file_id), DELETE ON file_contents TO lekhika_doors;
GRANT SELECT, UPDATE (kept) ON file_objects TO lekhika_doors;

-- Takes the bytes of files that are older than an age, but never of the newest of their run and format. Bytes in the database are gone with it;
-- objects are nobody's from then on.
CREATE FUNCTION remove_files(age interval, newest integer, most integer)
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
        UPDATE files f SET removed_at = now() FROM old WHERE f.id = old.id
        RETURNING f.id, f.user_id, f.object_id
    ), contents AS (
        DELETE FROM file_contents c USING removed WHERE c.file_id = removed.id
    ), objects AS (
        UPDATE file_objects o SET kept = false FROM removed WHERE o.id = removed.object_id
    )
    SELECT removed.id, removed.user_id FROM removed;
$$;

-- Objects that nobody needs: of removed files, and of jobs' attempts that ended without a file. Younger ones are left alone, since a write that was given up
-- may still arrive.
CREATE FUNCTION useless_objects(age interval, after uuid, most integer)
    RETURNS TABLE (id uuid, user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, o.user_id FROM file_objects o
    WHERE NOT o.kept AND o.removed_at IS NULL AND o.begun_at < now() - age AND o.id > after
      AND NOT EXISTS (SELECT FROM files f WHERE f.object_id = o.id AND f.removed_at IS NULL)
      AND NOT EXISTS (SELECT FROM export_jobs j WHERE j.id = o.export_job_id AND j.attempt = o.attempt AND j.status = 'running')
    ORDER BY o.id LIMIT most;
$$;

DO $$
DECLARE door regprocedure;
BEGIN
    FOREACH door IN ARRAY ARRAY['remove_files(interval, integer, integer)', 'useless_objects(interval, uuid, integer)']::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO lekhika_doors', door);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION remove_files(interval, integer, integer), useless_objects(interval, uuid, integer) TO lekhika_exporter;

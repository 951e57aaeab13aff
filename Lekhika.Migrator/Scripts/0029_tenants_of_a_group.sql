-- A worker writes and reads the runs that it holds together, whosever they are (docs/adr/0024): it says whose they are, and sees the rows of those and of nobody else.
CREATE FUNCTION app_tenants() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN string_to_array(nullif(current_setting('app.user_ids', true), ''), ',')::uuid[];

REVOKE ALL ON FUNCTION app_tenants() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_tenants() TO lekhika_worker;

DO $$
DECLARE target regclass;
BEGIN
    FOREACH target IN ARRAY ARRAY[
        'engine_executions', 'execution_inputs', 'execution_events', 'node_outputs', 'chapter_versions', 'chapter_scenes', 'regenerations', 'previews', 'books',
        'export_jobs', 'dead_letters', 'ai_calls', 'ai_batch_calls'
    ]::regclass[] LOOP
        -- The sub-select is evaluated once for a statement, not for each row.
        EXECUTE format('CREATE POLICY tenants ON %s TO lekhika_worker USING (user_id = ANY ((SELECT app_tenants())::uuid[])) WITH CHECK (user_id = ANY ((SELECT app_tenants())::uuid[]))', target);
    END LOOP;
END $$;

-- Foreign keys are checked without row-level security, so they carry the tenant: nobody can hang an event, a file or a chapter
-- on another tenant's run by naming its id.
ALTER TABLE user_engines ADD UNIQUE (id, user_id);
ALTER TABLE engine_executions ADD UNIQUE (id, user_id);
ALTER TABLE export_jobs ADD UNIQUE (id, user_id);
ALTER TABLE files ADD UNIQUE (id, user_id);

ALTER TABLE engine_executions
    DROP CONSTRAINT engine_executions_user_engine_id_fkey,
    ADD FOREIGN KEY (user_engine_id, user_id) REFERENCES user_engines (id, user_id);

DO $$
DECLARE child text;
BEGIN
    FOREACH child IN ARRAY ARRAY['execution_inputs', 'execution_events', 'node_outputs', 'chapter_versions', 'books', 'export_jobs', 'files'] LOOP
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I, ADD FOREIGN KEY (execution_id, user_id) REFERENCES engine_executions (id, user_id)',
            child, child || '_execution_id_fkey');
    END LOOP;
END $$;

ALTER TABLE files
    DROP CONSTRAINT files_export_job_id_fkey,
    ADD FOREIGN KEY (export_job_id, user_id) REFERENCES export_jobs (id, user_id);
ALTER TABLE file_contents
    DROP CONSTRAINT file_contents_file_id_fkey,
    ADD FOREIGN KEY (file_id, user_id) REFERENCES files (id, user_id);

-- What was found when a file was checked: a report for each job that made one, or failed by it. It may be completed after the file is delivered.
CREATE TABLE preflight_reports (
    export_job_id uuid PRIMARY KEY,
    execution_id  uuid NOT NULL,
    user_id       uuid NOT NULL,
    findings      jsonb NOT NULL CHECK (jsonb_typeof(findings) = 'array'),
    is_complete   boolean NOT NULL,
    errors        integer NOT NULL CHECK (errors >= 0),
    warnings      integer NOT NULL CHECK (warnings >= 0),
    not_checked   integer NOT NULL CHECK (not_checked >= 0),
    checked_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (export_job_id, user_id) REFERENCES export_jobs (id, user_id),
    FOREIGN KEY (execution_id, user_id) REFERENCES engine_executions (id, user_id)
);
CREATE INDEX preflight_of_execution ON preflight_reports (execution_id);
CALL close_to_tenant('preflight_reports');

GRANT SELECT ON preflight_reports TO lekhika_api;
GRANT SELECT, INSERT ON preflight_reports TO lekhika_exporter;
GRANT UPDATE (findings, is_complete, errors, warnings, not_checked, checked_at) ON preflight_reports TO lekhika_exporter;

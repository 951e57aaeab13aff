-- One order of formats is a set of jobs with the same number; making files again is the next order.
CREATE TABLE export_jobs (
    id           uuid PRIMARY KEY,
    execution_id uuid NOT NULL REFERENCES engine_executions,
    user_id      uuid NOT NULL,
    order_no     integer NOT NULL CHECK (order_no > 0),
    format       text NOT NULL CHECK (format IN ('pdf', 'docx', 'epub', 'html', 'md', 'txt')),
    uses_pages   boolean NOT NULL,
    settings     jsonb NOT NULL,
    status       text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed')),
    attempt      integer NOT NULL DEFAULT 0,
    lease_owner  text,
    lease_until  timestamptz,
    pages        jsonb,
    error        text,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at  timestamptz,
    UNIQUE (execution_id, order_no, format),
    CHECK ((status = 'running') = (lease_until IS NOT NULL))
);
CREATE INDEX export_jobs_open ON export_jobs (created_at) WHERE status IN ('queued', 'running');
CALL close_to_tenant('export_jobs');

CREATE TABLE files (
    id            uuid PRIMARY KEY,
    export_job_id uuid NOT NULL UNIQUE REFERENCES export_jobs,
    execution_id  uuid NOT NULL REFERENCES engine_executions,
    user_id       uuid NOT NULL,
    format        text NOT NULL,
    name          text NOT NULL,
    media_type    text NOT NULL,
    bytes         bigint NOT NULL,
    sha256        bytea NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX files_of_execution ON files (execution_id);
CALL close_to_tenant('files');

-- Apart from the row, so that no list ever reads a file.
CREATE TABLE file_contents (
    file_id uuid PRIMARY KEY REFERENCES files,
    user_id uuid NOT NULL,
    content bytea NOT NULL
);
ALTER TABLE file_contents ALTER COLUMN content SET STORAGE EXTERNAL;
CALL close_to_tenant('file_contents');

GRANT SELECT ON export_jobs, files, file_contents TO lekhika_api;
GRANT INSERT ON export_jobs TO lekhika_worker;
GRANT SELECT ON export_jobs TO lekhika_exporter;
GRANT UPDATE (status, error, pages, lease_owner, lease_until, finished_at) ON export_jobs TO lekhika_exporter;
GRANT SELECT, INSERT ON files TO lekhika_exporter;
GRANT INSERT ON file_contents TO lekhika_exporter;

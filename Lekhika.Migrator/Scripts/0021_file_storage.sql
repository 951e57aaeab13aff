-- Where a file's bytes are. Without an object they are in file_contents, else in an object store. The row is written before the object is, so that an
-- exporter that dies between the two leaves a row that tells what to remove, and never a file without bytes.
CREATE TABLE file_objects (
    id            uuid PRIMARY KEY,
    user_id       uuid NOT NULL,
    export_job_id uuid NOT NULL,
    attempt       integer NOT NULL,
    bucket        text NOT NULL CHECK (length(bucket) BETWEEN 3 AND 63),
    key           text NOT NULL CHECK (key ~ '^[0-9a-z/]{1,200}$'),
    kept          boolean NOT NULL DEFAULT false,
    begun_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    removed_at    timestamptz,
    UNIQUE (id, user_id),
    FOREIGN KEY (export_job_id, user_id) REFERENCES export_jobs (id, user_id),
    CHECK (NOT (kept AND removed_at IS NOT NULL))
);
COMMENT ON COLUMN file_objects.attempt IS 'The attempt of the job that writes the object: when it is over and kept is false, nobody will need the object.';
COMMENT ON COLUMN file_objects.kept IS 'Whether a file that has not been removed needs the object.';
CREATE INDEX file_objects_of_nobody ON file_objects (id) WHERE NOT kept AND removed_at IS NULL;
CALL close_to_tenant('file_objects');

ALTER TABLE files
    ADD object_id  uuid UNIQUE,
    ADD removed_at timestamptz,
    ADD FOREIGN KEY (object_id, user_id) REFERENCES file_objects (id, user_id);
COMMENT ON COLUMN files.removed_at IS 'When retention took its bytes; the row stays and tells of it.';
CREATE INDEX files_by_age ON files (created_at) WHERE removed_at IS NULL;

GRANT SELECT ON file_objects TO lekhika_api;
GRANT SELECT, INSERT, UPDATE (kept, removed_at) ON file_objects TO lekhika_exporter;

-- Keys that sign links to files, each encrypted with the ring of Data Protection. No tenant's: replicas read and add. To delete one ends the links that it
-- signed; only the owner of the tables can.
CREATE TABLE link_keys (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    protected  text NOT NULL CHECK (length(protected) BETWEEN 1 AND 4096),
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE link_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE link_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON link_keys FOR SELECT USING (true);
CREATE POLICY added ON link_keys FOR INSERT WITH CHECK (true);
GRANT SELECT, INSERT ON link_keys TO lekhika_api;

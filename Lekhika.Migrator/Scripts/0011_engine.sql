-- The run engine: requests to a running run, generations of steps, previews, finished scenes, dead letters, fair shares.
ALTER TABLE levels
    ADD COLUMN weight integer NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 100),
    ADD COLUMN max_running integer NOT NULL DEFAULT 25 CHECK (max_running BETWEEN 1 AND 100000);
SELECT set_config('app.role', 'superadmin', true);
UPDATE levels SET weight = 2, max_running = 100 WHERE key = 'pro';
UPDATE levels SET weight = 4, max_running = 500 WHERE key = 'enterprise';

ALTER TABLE engine_executions
    -- What a person asked of a run that a worker holds: counted by the Api, and by the worker when it has looked.
    ADD COLUMN requests integer NOT NULL DEFAULT 0,
    ADD COLUMN requests_seen integer NOT NULL DEFAULT 0,
    ADD COLUMN pause_requested boolean NOT NULL DEFAULT false,
    -- Of a user's runs with the same key one works at a time.
    ADD COLUMN concurrency_key text CHECK (length(concurrency_key) BETWEEN 1 AND 100),
    -- Claims since the last finished step, less those that were handed back.
    ADD COLUMN fruitless_claims integer NOT NULL DEFAULT 0,
    ADD COLUMN forked_from uuid,
    -- How long workers have held the run: what has passed, and since when the present one does.
    ADD COLUMN ran_for interval NOT NULL DEFAULT '0',
    ADD COLUMN running_since timestamptz,
    ADD FOREIGN KEY (forked_from, user_id) REFERENCES engine_executions (id, user_id);
DROP INDEX executions_waiting;
CREATE INDEX executions_waiting ON engine_executions (user_id, priority DESC, queued_at, id) WHERE status = 'queued';
CREATE INDEX executions_working ON engine_executions (user_id) WHERE lease_until IS NOT NULL;
CREATE INDEX executions_requested ON engine_executions (lease_owner) WHERE requests > requests_seen AND lease_until IS NOT NULL;
CREATE INDEX executions_keyed ON engine_executions (user_id, concurrency_key) WHERE concurrency_key IS NOT NULL AND status IN ('queued', 'running', 'stopping');

-- What a step was made of, by name (brief, prompt, model, each output that it read), and what came out: SHA-256 each. Equal inputs
-- need no second asking.
ALTER TABLE node_outputs
    ADD COLUMN inputs jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN hash bytea CHECK (octet_length(hash) = 32),
    ALTER COLUMN content SET COMPRESSION lz4;
ALTER TABLE chapter_versions ALTER COLUMN content SET COMPRESSION lz4;

-- A step that is to be done anew: its generation from then on. Item -1: every element of the node's fan-out.
CREATE TABLE regenerations (
    execution_id uuid NOT NULL,
    node_id      text NOT NULL,
    item         integer NOT NULL CHECK (item >= -1),
    generation   integer NOT NULL CHECK (generation > 1),
    user_id      uuid NOT NULL,
    guidance     text CHECK (length(guidance) <= 4000),
    fault        text CHECK (length(fault) <= 4000),
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (execution_id, node_id, item, generation),
    FOREIGN KEY (execution_id, user_id) REFERENCES engine_executions (id, user_id)
);
CALL close_to_tenant('regenerations');

-- What a preview node shows to a person, and what that person said.
CREATE TABLE previews (
    execution_id uuid NOT NULL,
    node_id      text NOT NULL,
    generation   integer NOT NULL CHECK (generation > 0),
    user_id      uuid NOT NULL,
    content      jsonb NOT NULL,
    decision     text CHECK (decision IN ('approved', 'revise')),
    guidance     text CHECK (length(guidance) <= 4000),
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_at   timestamptz,
    PRIMARY KEY (execution_id, node_id, generation),
    FOREIGN KEY (execution_id, user_id) REFERENCES engine_executions (id, user_id),
    CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CALL close_to_tenant('previews');

-- The finished scenes of a chapter that is still being written: what a crash does not lose.
CREATE TABLE chapter_scenes (
    execution_id uuid NOT NULL,
    node_id      text NOT NULL,
    item         integer NOT NULL,
    generation   integer NOT NULL,
    scene        integer NOT NULL CHECK (scene > 0),
    user_id      uuid NOT NULL,
    content      text COMPRESSION lz4 NOT NULL CHECK (octet_length(content) <= 1024 * 1024),
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (execution_id, node_id, item, generation, scene),
    FOREIGN KEY (execution_id, user_id) REFERENCES engine_executions (id, user_id)
);
CALL close_to_tenant('chapter_scenes');

-- Runs that failed, each with the step it was: they wait for somebody to drive them again.
CREATE TABLE dead_letters (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    execution_id uuid NOT NULL,
    user_id      uuid NOT NULL,
    node_id      text,
    item         integer,
    error_class  text NOT NULL,
    message      text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    redriven_at  timestamptz,
    FOREIGN KEY (execution_id, user_id) REFERENCES engine_executions (id, user_id)
);
CREATE INDEX dead_letters_of_user ON dead_letters (user_id, created_at DESC, id DESC);
CREATE INDEX dead_letters_open ON dead_letters (execution_id) WHERE redriven_at IS NULL;
CALL close_to_tenant('dead_letters');

-- A run's books: each compilation is a version; an export job says which one it renders.
ALTER TABLE books
    DROP CONSTRAINT books_execution_id_key,
    ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    ADD COLUMN partial boolean NOT NULL DEFAULT false,
    ADD UNIQUE (execution_id, version),
    ADD UNIQUE (id, user_id);
ALTER TABLE export_jobs
    ADD COLUMN book_id uuid,
    ADD FOREIGN KEY (book_id, user_id) REFERENCES books (id, user_id);
COMMENT ON COLUMN export_jobs.book_id IS 'Null in orders of before there were versions: the newest.';

-- One row: whether workers may take waiting runs.
CREATE TABLE queue_controls (
    id     boolean PRIMARY KEY DEFAULT true CHECK (id),
    paused boolean NOT NULL DEFAULT false
);
CALL open_for_reading('queue_controls');
INSERT INTO queue_controls DEFAULT VALUES;

-- A user's engine has its own versions of the workflow, numbered.
ALTER TABLE workflow_versions
    ADD COLUMN user_engine_id uuid,
    ADD COLUMN number integer NOT NULL DEFAULT 1 CHECK (number > 0),
    ADD FOREIGN KEY (user_engine_id, user_id) REFERENCES user_engines (id, user_id),
    ADD UNIQUE (user_engine_id, number);

GRANT SELECT, INSERT ON regenerations TO lekhika_api;
GRANT SELECT ON previews, dead_letters, execution_events, execution_inputs, node_outputs, chapter_versions, queue_controls TO lekhika_api;
GRANT INSERT ON node_outputs, chapter_versions, books, export_jobs TO lekhika_api;
GRANT UPDATE (decision, guidance, decided_at) ON previews TO lekhika_api;
GRANT UPDATE (redriven_at) ON dead_letters TO lekhika_api;
GRANT UPDATE (status, last_seq, requests, pause_requested, progress, current_step, error, queued_at, finished_at, fruitless_claims) ON engine_executions TO lekhika_api;
GRANT INSERT ON workflow_versions TO lekhika_api;
GRANT UPDATE (workflow_version_id, name, description, status) ON user_engines TO lekhika_api;

-- The worker takes orders too, at its internal port.
GRANT INSERT ON engine_executions, execution_inputs TO lekhika_worker;
GRANT SELECT ON user_engines, ai_engines, books, export_jobs, files, queue_controls TO lekhika_worker;
GRANT UPDATE (requests, requests_seen, pause_requested, fruitless_claims, ran_for, running_since) ON engine_executions TO lekhika_worker;
GRANT SELECT, INSERT ON regenerations, previews, chapter_scenes, dead_letters TO lekhika_worker;
GRANT UPDATE (decision, guidance, decided_at) ON previews TO lekhika_worker;
GRANT UPDATE (redriven_at) ON dead_letters TO lekhika_worker;

-- The small status row: a projection of the journal that changes in the same transaction as the event that causes it.
CREATE TABLE engine_executions (
    id                  uuid PRIMARY KEY,
    user_id             uuid NOT NULL REFERENCES users,
    user_engine_id      uuid NOT NULL REFERENCES user_engines,
    workflow_version_id uuid NOT NULL REFERENCES workflow_versions,
    status              text NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'running', 'paused', 'stopping', 'exporting', 'completed', 'stopped', 'failed')),
    title               text NOT NULL CHECK (length(title) <= 300),
    formats             text[] NOT NULL,
    priority            integer NOT NULL DEFAULT 0 CHECK (priority BETWEEN -10 AND 10),
    attempt             integer NOT NULL DEFAULT 0,
    lease_owner         text,
    lease_until         timestamptz,
    last_seq            bigint NOT NULL DEFAULT 0,
    progress            real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    current_step        text NOT NULL DEFAULT '',
    words               integer NOT NULL DEFAULT 0,
    chapters_done       integer NOT NULL DEFAULT 0,
    chapters_total      integer,
    input_tokens        bigint NOT NULL DEFAULT 0,
    output_tokens       bigint NOT NULL DEFAULT 0,
    error               jsonb,
    traceparent         text,
    idempotency_key     text CHECK (length(idempotency_key) BETWEEN 1 AND 255),
    request_hash        bytea,
    created_at          timestamptz NOT NULL DEFAULT now(),
    queued_at           timestamptz NOT NULL DEFAULT now(),
    started_at          timestamptz,
    finished_at         timestamptz,
    UNIQUE (user_id, idempotency_key),
    CHECK ((lease_until IS NULL) = (lease_owner IS NULL)),
    CHECK (lease_until IS NULL OR status IN ('running', 'stopping'))
) WITH (fillfactor = 70);
CREATE INDEX executions_waiting ON engine_executions (priority DESC, queued_at) WHERE status = 'queued';
CREATE INDEX executions_leased ON engine_executions (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX executions_of_user ON engine_executions (user_id, created_at DESC, id DESC);
CALL close_to_tenant('engine_executions');

-- What the client sent stays out of the small row: lists never read it.
CREATE TABLE execution_inputs (
    execution_id uuid PRIMARY KEY REFERENCES engine_executions,
    user_id      uuid NOT NULL,
    brief        jsonb NOT NULL,
    settings     jsonb NOT NULL
);
CALL close_to_tenant('execution_inputs');

-- The journal: append-only, numbered per run without gaps.
CREATE TABLE execution_events (
    execution_id uuid NOT NULL REFERENCES engine_executions,
    seq          bigint NOT NULL,
    user_id      uuid NOT NULL,
    type         text NOT NULL,
    node_id      text,
    item         integer,
    generation   integer,
    data         jsonb NOT NULL DEFAULT '{}' CHECK (octet_length(data::text) <= 4096),
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (execution_id, seq)
);
CALL close_to_tenant('execution_events');

-- One row a finished step. A chapter's text stands in chapter_versions; the step refers to it.
CREATE TABLE node_outputs (
    execution_id    uuid NOT NULL REFERENCES engine_executions,
    node_id         text NOT NULL,
    item            integer NOT NULL,
    generation      integer NOT NULL,
    user_id         uuid NOT NULL,
    kind            text NOT NULL,
    content         jsonb NOT NULL DEFAULT '{}',
    model           text,
    input_tokens    bigint NOT NULL DEFAULT 0,
    output_tokens   bigint NOT NULL DEFAULT 0,
    attempt         integer NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (execution_id, node_id, item, generation)
);
CALL close_to_tenant('node_outputs');

CREATE TABLE chapter_versions (
    execution_id uuid NOT NULL REFERENCES engine_executions,
    number       integer NOT NULL CHECK (number > 0),
    version      integer NOT NULL CHECK (version > 0),
    user_id      uuid NOT NULL,
    title        text NOT NULL,
    content      text NOT NULL CHECK (octet_length(content) <= 1024 * 1024),
    words        integer NOT NULL,
    node_id      text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (execution_id, number, version)
);
CALL close_to_tenant('chapter_versions');

CREATE TABLE books (
    id            uuid PRIMARY KEY,
    execution_id  uuid NOT NULL UNIQUE REFERENCES engine_executions,
    user_id       uuid NOT NULL,
    title         text NOT NULL,
    subtitle      text,
    author        text NOT NULL,
    language      text NOT NULL,
    description   text,
    ai_service    text NOT NULL,
    words         integer NOT NULL,
    chapters      jsonb NOT NULL,
    colophon      jsonb NOT NULL,
    completed_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX books_of_user ON books (user_id, completed_at DESC, id DESC);
CALL close_to_tenant('books');

-- Each service gets what its statements use, and no more; the next issue that needs more says so in its own script.
GRANT SELECT, INSERT ON engine_executions TO lekhika_api;
GRANT INSERT ON execution_inputs, execution_events TO lekhika_api;
GRANT SELECT ON books TO lekhika_api;

GRANT SELECT ON engine_executions, execution_inputs TO lekhika_worker;
GRANT UPDATE (status, lease_owner, lease_until, last_seq, progress, current_step, words, chapters_done, chapters_total,
    input_tokens, output_tokens, error, queued_at, finished_at) ON engine_executions TO lekhika_worker;
GRANT SELECT, INSERT ON execution_events, node_outputs, chapter_versions TO lekhika_worker;
GRANT INSERT ON books TO lekhika_worker;

GRANT SELECT ON engine_executions, chapter_versions, books TO lekhika_exporter;
GRANT UPDATE (status, last_seq, progress, current_step, error, finished_at) ON engine_executions TO lekhika_exporter;
GRANT INSERT ON execution_events TO lekhika_exporter;

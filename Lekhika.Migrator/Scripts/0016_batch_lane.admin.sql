-- The batch lane (docs/adr/0014): first calls of chapters that wait for a provider's batch, and the batches they went in. A batch holds calls
-- of one run, so everything here is one tenant's.
SET LOCAL ROLE lekhika_owner;

ALTER TABLE engine_executions
    -- How long a call may wait for its batch; null: the run has normal speed.
    ADD COLUMN economy_hours smallint CHECK (economy_hours BETWEEN 1 AND 24),
    -- Paused, but by nobody: it goes on by itself when none of its calls waits any more.
    ADD COLUMN waits_for_batch boolean NOT NULL DEFAULT false,
    ADD CHECK (NOT waits_for_batch OR status = 'paused');
CREATE INDEX executions_in_batch ON engine_executions (id) WHERE waits_for_batch;

ALTER TABLE ai_calls ADD COLUMN batch boolean NOT NULL DEFAULT false;
-- Providers take half of the price in a batch; prices of before stay as they were set.
ALTER TABLE ai_model_prices ALTER COLUMN batch_factor SET DEFAULT 0.5;

CREATE TABLE ai_batches (
    id                uuid PRIMARY KEY,
    execution_id      uuid NOT NULL,
    user_id           uuid NOT NULL,
    provider_id       uuid NOT NULL, -- zeros: a provider of the environment, known by its name
    provider          text NOT NULL,
    provider_name     text NOT NULL,
    model             text NOT NULL,
    calls             integer NOT NULL CHECK (calls > 0),
    state             text NOT NULL DEFAULT 'making' CHECK (state IN ('making', 'open', 'ended')),
    deadline          timestamptz NOT NULL,
    tried_at          timestamptz, -- when somebody last began to make it at the provider: it may be there
    provider_batch_id text CHECK (length(provider_batch_id) <= 200),
    cancelled_for     text CHECK (cancelled_for IN ('deadline', 'unwanted')),
    cancelled_at      timestamptz,
    looks             integer NOT NULL DEFAULT 0,
    look_at           timestamptz NOT NULL DEFAULT now(),
    attempt           integer NOT NULL DEFAULT 0,
    lease_owner       text,
    lease_until       timestamptz,
    created_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    submitted_at      timestamptz,
    ended_at          timestamptz,
    UNIQUE (id, user_id),
    FOREIGN KEY (execution_id, user_id) REFERENCES engine_executions (id, user_id),
    CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CHECK (state <> 'open' OR provider_batch_id IS NOT NULL),
    CHECK ((cancelled_for IS NULL) = (cancelled_at IS NULL)),
    CHECK ((lease_until IS NULL) = (lease_owner IS NULL))
);
CREATE INDEX ai_batches_open ON ai_batches (look_at) WHERE state <> 'ended';
CREATE INDEX ai_batches_of_run ON ai_batches (execution_id);
CALL close_to_tenant('ai_batches');

-- waiting: to be sent; submitted: the provider has it; answered, failed: what came of it; taken: the chapter is made of it; abandoned:
-- nobody wants it any more, and the step may be asked for again.
CREATE TABLE ai_batch_calls (
    id            uuid PRIMARY KEY, -- the call's in ai_calls too, and its custom id at the provider
    execution_id  uuid NOT NULL,
    user_id       uuid NOT NULL,
    node_id       text NOT NULL,
    item          integer NOT NULL,
    generation    integer NOT NULL,
    provider_id   uuid NOT NULL,
    provider      text NOT NULL,
    provider_name text NOT NULL,
    model         text NOT NULL,
    inputs        bytea NOT NULL, -- SHA-256 of what the step is made of: an answer to anything else is none
    request       text COMPRESSION lz4, -- JSON, as it would have been sent; null once it is settled
    deadline      timestamptz NOT NULL,
    state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'submitted', 'answered', 'failed', 'taken', 'abandoned')),
    batch_id      uuid,
    answer        text COMPRESSION lz4,
    error_class   text,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    settled_at    timestamptz, -- when what came of it was known, here and in ai_calls
    FOREIGN KEY (execution_id, user_id) REFERENCES engine_executions (id, user_id),
    FOREIGN KEY (batch_id, user_id) REFERENCES ai_batches (id, user_id),
    CHECK (state NOT IN ('waiting', 'submitted') OR settled_at IS NULL),
    CHECK (state NOT IN ('answered', 'failed', 'taken') OR settled_at IS NOT NULL),
    CHECK ((state = 'answered') = (answer IS NOT NULL)),
    CHECK (settled_at IS NOT NULL OR request IS NOT NULL)
);
CREATE UNIQUE INDEX ai_batch_calls_of_step ON ai_batch_calls (execution_id, node_id, item, generation) WHERE state <> 'abandoned';
CREATE INDEX ai_batch_calls_of_run ON ai_batch_calls (execution_id);
CREATE INDEX ai_batch_calls_open ON ai_batch_calls (execution_id) WHERE settled_at IS NULL;
CREATE INDEX ai_batch_calls_of_batch ON ai_batch_calls (batch_id) WHERE batch_id IS NOT NULL;
CALL close_to_tenant('ai_batch_calls');

GRANT SELECT, UPDATE (state, answer) ON ai_batch_calls TO lekhika_api;
GRANT UPDATE (waits_for_batch) ON engine_executions TO lekhika_api, lekhika_worker;
GRANT SELECT, INSERT, UPDATE ON ai_batch_calls TO lekhika_worker;
GRANT SELECT, UPDATE ON ai_batches TO lekhika_worker;
GRANT SELECT, UPDATE ON ai_batch_calls, ai_calls TO lekhika_doors;
GRANT SELECT, INSERT, UPDATE ON ai_batches TO lekhika_doors;
RESET ROLE;

-- Settles calls that were never sent and will not be (nobody wants them, or their time is over: they have cost nothing), and puts the others
-- of runs that rest, or have waited for long enough, into batches. One at a time; whoever comes meanwhile finds nothing to do.
CREATE FUNCTION gather_batches(patience interval, most_calls integer, most_bytes bigint)
    RETURNS TABLE (id uuid, user_id uuid)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    at timestamptz;
    free uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM ai_batch_calls c WHERE c.settled_at IS NULL AND c.batch_id IS NULL)
        OR NOT pg_try_advisory_xact_lock(x'4C454B48424154'::bigint) THEN -- "LEKHBAT"
        RETURN;
    END IF;

    -- First the runs and then what hangs on them, as requests do; a run of which somebody asks something at this moment has its turn the next time.
    free := ARRAY(
        SELECT e.id FROM engine_executions e
        WHERE e.id IN (SELECT c.execution_id FROM ai_batch_calls c WHERE c.settled_at IS NULL AND c.batch_id IS NULL)
        ORDER BY e.id FOR KEY SHARE SKIP LOCKED);
    at := clock_timestamp();
    WITH over AS (
        UPDATE ai_batch_calls c SET
            state = CASE WHEN c.state = 'waiting' AND e.status IN ('queued', 'running', 'paused') THEN 'failed' ELSE 'abandoned' END,
            error_class = CASE WHEN c.state = 'waiting' AND e.status IN ('queued', 'running', 'paused') THEN 'timed_out' ELSE 'cancelled' END,
            request = NULL, settled_at = at
        FROM engine_executions e
        WHERE e.id = ANY (free) AND e.id = c.execution_id AND c.settled_at IS NULL AND c.batch_id IS NULL
          AND (c.state = 'abandoned' OR c.deadline <= at OR e.status NOT IN ('queued', 'running', 'paused'))
        RETURNING c.id, c.error_class
    )
    UPDATE ai_calls a SET status = 'failed', error_class = over.error_class, cost = 0 FROM over WHERE a.id = over.id;

    RETURN QUERY
    WITH due AS (
        SELECT c.id, c.execution_id, c.user_id, c.provider_id, c.provider, c.provider_name, c.model, c.deadline,
               row_number() OVER w AS nth, sum(octet_length(c.request)) OVER w AS bytes
        FROM ai_batch_calls c JOIN engine_executions e ON e.id = c.execution_id
        WHERE e.id = ANY (free) AND c.state = 'waiting' AND c.batch_id IS NULL
          AND (e.waits_for_batch OR (e.status IN ('queued', 'running') AND EXISTS (
              SELECT FROM ai_batch_calls o WHERE o.execution_id = e.id AND o.state = 'waiting' AND o.batch_id IS NULL AND o.created_at <= at - patience)))
        WINDOW w AS (PARTITION BY c.execution_id, c.provider_id, c.provider_name, c.model ORDER BY c.node_id, c.item, c.id)
    ), chosen AS (
        SELECT * FROM due d WHERE d.nth = 1 OR (d.nth <= most_calls AND d.bytes <= most_bytes)
    ), batch AS (
        SELECT gen_random_uuid() AS id, c.execution_id, c.user_id, c.provider_id, c.provider, c.provider_name, c.model, count(*)::integer AS calls, min(c.deadline) AS deadline
        FROM chosen c GROUP BY c.execution_id, c.user_id, c.provider_id, c.provider, c.provider_name, c.model
    ), made AS (
        INSERT INTO ai_batches (id, execution_id, user_id, provider_id, provider, provider_name, model, calls, deadline)
        SELECT b.id, b.execution_id, b.user_id, b.provider_id, b.provider, b.provider_name, b.model, b.calls, b.deadline FROM batch b
    ), put AS (
        UPDATE ai_batch_calls c SET batch_id = b.id
        FROM chosen d JOIN batch b ON b.execution_id = d.execution_id AND b.provider_id = d.provider_id AND b.provider_name = d.provider_name AND b.model = d.model
        WHERE c.id = d.id
    )
    SELECT b.id, b.user_id FROM batch b;
END $$;

-- Batches that somebody must see to: it is time to look at them, or they are to be cancelled. Whoever claims one is the only one who talks to
-- the provider about it, until the lease has run out.
CREATE FUNCTION claim_batches(worker text, most integer, lease interval)
    RETURNS TABLE (id uuid, user_id uuid, attempt integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := clock_timestamp();
BEGIN
    RETURN QUERY
    WITH due AS (
        SELECT b.id, row_number() OVER (PARTITION BY b.user_id ORDER BY b.look_at, b.id)
               + (SELECT count(*) FROM ai_batches l WHERE l.user_id = b.user_id AND l.lease_until >= at) AS turn
        FROM ai_batches b JOIN engine_executions e ON e.id = b.execution_id
        WHERE b.state <> 'ended' AND (b.lease_until IS NULL OR b.lease_until < at)
          AND (b.look_at <= at OR (b.cancelled_at IS NULL AND (
              b.deadline <= at OR e.status NOT IN ('queued', 'running', 'paused')
              OR NOT EXISTS (SELECT FROM ai_batch_calls c WHERE c.batch_id = b.id AND c.state IN ('waiting', 'submitted')))))
    ), free AS (
        -- Of one tenant few at a time: its provider may be slow.
        SELECT b.id FROM ai_batches b JOIN due ON due.id = b.id AND due.turn <= 4
        WHERE b.state <> 'ended' AND (b.lease_until IS NULL OR b.lease_until < at)
        ORDER BY due.turn, b.look_at LIMIT most FOR UPDATE OF b SKIP LOCKED
    )
    UPDATE ai_batches b SET attempt = b.attempt + 1, lease_owner = worker, lease_until = at + lease
    FROM free WHERE b.id = free.id
    RETURNING b.id, b.user_id, b.attempt;
END $$;

-- Runs that rest for their batch and need not any longer.
CREATE FUNCTION batch_rests_over(most integer)
    RETURNS TABLE (id uuid, user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.id, e.user_id FROM engine_executions e
    WHERE e.waits_for_batch AND NOT EXISTS (
        SELECT FROM ai_batch_calls c WHERE c.execution_id = e.id AND c.settled_at IS NULL AND c.state IN ('waiting', 'submitted'))
    LIMIT most;
$$;

DO $$
DECLARE door regprocedure;
BEGIN
    FOREACH door IN ARRAY ARRAY[
        'gather_batches(interval, integer, bigint)', 'claim_batches(text, integer, interval)', 'batch_rests_over(integer)'
    ]::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO lekhika_doors', door);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO lekhika_worker', door);
    END LOOP;
END $$;

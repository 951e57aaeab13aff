-- Providers and models as rows: the platform's (no owner) and users' own. A provider's name is the key of keyName:modelId.
ALTER TABLE ai_providers
    DROP CONSTRAINT ai_providers_name_key,
    ADD user_id       uuid REFERENCES users,
    ADD base_url      text CHECK (length(base_url) <= 500),
    ADD settings      jsonb NOT NULL DEFAULT '{}' CHECK (octet_length(settings::text) <= 4096),
    ADD secret_last4  text CHECK (length(secret_last4) <= 4),
    ADD secret_set_at timestamptz,
    ADD updated_at    timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT ai_providers_name CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    ADD CONSTRAINT ai_providers_kind CHECK (provider IN
        ('offline', 'openai', 'anthropic', 'google', 'mistral', 'groq', 'openrouter', 'ollama', 'vllm', 'llamacpp', 'openai_compatible', 'stability'));
CREATE UNIQUE INDEX ai_providers_of_owner ON ai_providers (user_id, name) NULLS NOT DISTINCT;
-- Foreign keys carry the tenant (0010): a user's model, price or key hangs on a provider of his own, never on the platform's or another's.
ALTER TABLE ai_providers ADD UNIQUE (id, user_id);

-- The platform's rows are read by all and written by admins; a user's own by that user alone.
CREATE PROCEDURE share_with_owner(target regclass)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('DROP POLICY IF EXISTS readable ON %s', target);
    EXECUTE format('DROP POLICY IF EXISTS superadmin ON %s', target);
    EXECUTE format('CREATE POLICY readable ON %s FOR SELECT USING (user_id IS NULL OR user_id = app_user_id())', target);
    EXECUTE format('CREATE POLICY owned ON %s USING (user_id = app_user_id()) WITH CHECK (user_id = app_user_id())', target);
    EXECUTE format('CREATE POLICY admin ON %s USING (user_id IS NULL AND app_role() IN (''admin'', ''superadmin'')) WITH CHECK (user_id IS NULL AND app_role() IN (''admin'', ''superadmin''))', target);
END $$;
REVOKE ALL ON PROCEDURE share_with_owner(regclass) FROM PUBLIC;
CALL share_with_owner('ai_providers');

-- Keys of providers, encrypted (ASP.NET Core Data Protection). The Api writes them and never reads them back; the worker reads.
CREATE TABLE ai_provider_secrets (
    provider_id uuid PRIMARY KEY REFERENCES ai_providers ON DELETE CASCADE,
    user_id     uuid REFERENCES users,
    protected   text NOT NULL CHECK (length(protected) <= 8192),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (provider_id, user_id) REFERENCES ai_providers (id, user_id) ON DELETE CASCADE
);
CALL share_with_owner('ai_provider_secrets');

-- The key ring of Data Protection, its keys encrypted with the master key, which is in no database. No tenant's: both services read and
-- add, nobody changes. A key that is encrypted anew is another row of the same name.
CREATE TABLE data_protection_keys (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL,
    xml        text NOT NULL CHECK (length(xml) <= 65536),
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE data_protection_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_protection_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON data_protection_keys FOR SELECT USING (true);
CREATE POLICY added ON data_protection_keys FOR INSERT WITH CHECK (true);

ALTER TABLE ai_model_metadata
    DROP CONSTRAINT ai_model_metadata_provider_id_fkey,
    ADD FOREIGN KEY (provider_id) REFERENCES ai_providers ON DELETE CASCADE,
    ADD user_id           uuid REFERENCES users,
    ADD category          text NOT NULL DEFAULT 'text' CHECK (category IN ('text', 'image', 'audio', 'video', 'embedding')),
    ADD tier              text NOT NULL DEFAULT 'standard' CHECK (tier IN ('economy', 'standard', 'premium')),
    ADD max_output_tokens integer CHECK (max_output_tokens > 0),
    ADD capabilities      text[] NOT NULL DEFAULT '{}' CHECK (capabilities <@ ARRAY['structured', 'streaming', 'caching', 'batch', 'temperature', 'seed', 'moderation']),
    ADD created_at        timestamptz NOT NULL DEFAULT now(),
    ADD updated_at        timestamptz NOT NULL DEFAULT now(),
    ADD CHECK (context_window_tokens > 0),
    ADD CHECK (length(model_id) BETWEEN 1 AND 200),
    ADD CHECK (length(display_name) BETWEEN 1 AND 200);
ALTER TABLE ai_model_metadata
    ADD UNIQUE (id, user_id),
    ADD FOREIGN KEY (provider_id, user_id) REFERENCES ai_providers (id, user_id) ON DELETE CASCADE;
CALL share_with_owner('ai_model_metadata');

-- What a model costs, in US dollars; a new price is a new version, and a call names the one it was made at. No price: no paid use.
CREATE TABLE ai_model_prices (
    id                       uuid PRIMARY KEY,
    model_id                 uuid NOT NULL REFERENCES ai_model_metadata ON DELETE CASCADE,
    user_id                  uuid REFERENCES users,
    version                  integer NOT NULL CHECK (version > 0),
    input_per_million        numeric(12, 6) NOT NULL CHECK (input_per_million >= 0),
    cached_input_per_million numeric(12, 6) CHECK (cached_input_per_million >= 0),
    cache_write_per_million  numeric(12, 6) CHECK (cache_write_per_million >= 0),
    output_per_million       numeric(12, 6) NOT NULL CHECK (output_per_million >= 0),
    batch_factor             numeric(4, 3) NOT NULL DEFAULT 1 CHECK (batch_factor BETWEEN 0 AND 1),
    per_image                numeric(12, 6) CHECK (per_image >= 0),
    created_at               timestamptz NOT NULL DEFAULT now(),
    UNIQUE (model_id, version),
    FOREIGN KEY (model_id, user_id) REFERENCES ai_model_metadata (id, user_id) ON DELETE CASCADE
);
CALL share_with_owner('ai_model_prices');

-- Which models are tried in which order, by the node's role, the tier (the account's level) and the task; the most special row that fits counts, a user's own before the platform's.
CREATE TABLE ai_model_preferences (
    id         uuid PRIMARY KEY,
    user_id    uuid REFERENCES users,
    role       text CHECK (length(role) <= 100),
    tier       text CHECK (tier IN ('starter', 'pro', 'enterprise')),
    task       text CHECK (length(task) <= 100),
    models     text[] NOT NULL CHECK (cardinality(models) BETWEEN 1 AND 10),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (user_id, role, tier, task)
);
CALL share_with_owner('ai_model_preferences');

-- The old prices of the seeds (the offline author's) become their first version. As the administrator of the platform's rows.
SELECT set_config('app.role', 'superadmin', true);
INSERT INTO ai_model_prices (id, model_id, version, input_per_million, output_per_million)
SELECT gen_random_uuid(), id, 1, input_cost_per_million, output_cost_per_million FROM ai_model_metadata
WHERE input_cost_per_million IS NOT NULL AND output_cost_per_million IS NOT NULL;
ALTER TABLE ai_model_metadata DROP COLUMN input_cost_per_million, DROP COLUMN output_cost_per_million;
UPDATE ai_model_metadata SET capabilities = ARRAY['structured', 'streaming', 'seed'] WHERE model_id = 'offline-author';

-- Every call of a model: the intent before it is made, the outcome with the step. What a worker died over is an orphan: the platform's cost.
CREATE TABLE ai_calls (
    id                  uuid PRIMARY KEY,
    execution_id        uuid NOT NULL,
    user_id             uuid NOT NULL,
    node_id             text NOT NULL,
    item                integer NOT NULL,
    generation          integer NOT NULL,
    attempt             integer NOT NULL,
    operation           text NOT NULL CHECK (operation IN ('chat', 'embeddings', 'image', 'moderation')),
    task                text NOT NULL,
    provider            text NOT NULL,
    provider_name       text NOT NULL,
    own_key             boolean NOT NULL,
    model_asked         text NOT NULL,
    model_answered      text,
    parameters          jsonb NOT NULL DEFAULT '{}',
    status              text NOT NULL CHECK (status IN ('started', 'succeeded', 'failed', 'orphaned')),
    error_class         text,
    finish_reason       text,
    input_tokens        bigint NOT NULL DEFAULT 0,
    output_tokens       bigint NOT NULL DEFAULT 0,
    cached_input_tokens bigint NOT NULL DEFAULT 0,
    cache_write_tokens  bigint NOT NULL DEFAULT 0,
    reasoning_tokens    bigint NOT NULL DEFAULT 0,
    price_id            uuid,
    cost                numeric(14, 8),
    started_at          timestamptz NOT NULL,
    milliseconds        integer,
    first_token_ms      integer,
    trace_id            text,
    FOREIGN KEY (execution_id, user_id) REFERENCES engine_executions (id, user_id)
);
CREATE INDEX ai_calls_of_run ON ai_calls (execution_id, started_at, id);
CREATE INDEX ai_calls_of_user ON ai_calls (user_id, started_at);
CREATE INDEX ai_calls_open ON ai_calls (execution_id) WHERE status = 'started';
CALL close_to_tenant('ai_calls');

GRANT SELECT, INSERT, DELETE ON ai_providers TO lekhika_api;
GRANT UPDATE (base_url, settings, secret_last4, secret_set_at, is_active, updated_at) ON ai_providers TO lekhika_api;
GRANT INSERT, DELETE, SELECT (provider_id, user_id), UPDATE (protected, updated_at) ON ai_provider_secrets TO lekhika_api;
GRANT SELECT, INSERT, DELETE ON ai_model_metadata TO lekhika_api;
GRANT UPDATE (display_name, category, tier, context_window_tokens, max_output_tokens, capabilities, is_active, updated_at) ON ai_model_metadata TO lekhika_api;
GRANT SELECT, INSERT ON ai_model_prices, data_protection_keys TO lekhika_api;
GRANT SELECT, INSERT, UPDATE (models), DELETE ON ai_model_preferences TO lekhika_api;
GRANT SELECT ON ai_calls TO lekhika_api;
GRANT SELECT ON ai_providers, ai_provider_secrets, ai_model_metadata, ai_model_prices, ai_model_preferences TO lekhika_worker;
GRANT SELECT, INSERT ON data_protection_keys TO lekhika_worker;
GRANT SELECT, INSERT, UPDATE ON ai_calls TO lekhika_worker;
GRANT SELECT (id, level_id) ON users TO lekhika_worker;
GRANT SELECT ON levels TO lekhika_worker;

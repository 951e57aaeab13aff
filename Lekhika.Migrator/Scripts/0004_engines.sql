-- A flow is a design; deployed it is a master engine; a user runs a copy of it.
CREATE TABLE ai_flows (
    id          uuid PRIMARY KEY,
    key         text NOT NULL UNIQUE,
    name        text NOT NULL,
    description text NOT NULL DEFAULT '',
    type        text NOT NULL CHECK (type IN ('simplified', 'expert', 'full', 'book_generation')),
    definition  jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CALL open_for_reading('ai_flows');

-- Definitions are versions that never change: a run keeps the one it was submitted with. No owner: a master's.
CREATE TABLE workflow_versions (
    id         uuid PRIMARY KEY,
    user_id    uuid REFERENCES users,
    definition jsonb NOT NULL CHECK (octet_length(definition::text) <= 4 * 1024 * 1024),
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE workflow_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE workflow_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON workflow_versions FOR SELECT USING (user_id IS NULL OR user_id = app_user_id());
CREATE POLICY owned ON workflow_versions FOR INSERT WITH CHECK (user_id = app_user_id());
CREATE POLICY superadmin ON workflow_versions FOR INSERT WITH CHECK (user_id IS NULL AND app_role() = 'superadmin');

CREATE TABLE ai_engines (
    id                  uuid PRIMARY KEY,
    key                 text NOT NULL UNIQUE,
    name                text NOT NULL,
    description         text NOT NULL DEFAULT '',
    flow_id             uuid REFERENCES ai_flows,
    workflow_version_id uuid NOT NULL REFERENCES workflow_versions,
    is_default          boolean NOT NULL DEFAULT false,
    is_active           boolean NOT NULL DEFAULT true,
    created_at          timestamptz NOT NULL DEFAULT now()
);
CALL open_for_reading('ai_engines');

CREATE TABLE user_engines (
    id                  uuid PRIMARY KEY,
    user_id             uuid NOT NULL REFERENCES users,
    engine_id           uuid NOT NULL REFERENCES ai_engines,
    workflow_version_id uuid NOT NULL REFERENCES workflow_versions,
    name                text NOT NULL,
    description         text NOT NULL DEFAULT '',
    status              text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive')),
    created_at          timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, engine_id)
);
CALL close_to_tenant('user_engines');

CREATE TABLE ai_providers (
    id         uuid PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    provider   text NOT NULL,
    is_active  boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);
CALL open_for_reading('ai_providers');

CREATE TABLE ai_model_metadata (
    id                      uuid PRIMARY KEY,
    provider_id             uuid NOT NULL REFERENCES ai_providers,
    model_id                text NOT NULL,
    display_name            text NOT NULL,
    input_cost_per_million  numeric(10, 4),
    output_cost_per_million numeric(10, 4),
    context_window_tokens   integer,
    is_active               boolean NOT NULL DEFAULT true,
    UNIQUE (provider_id, model_id)
);
CALL open_for_reading('ai_model_metadata');

GRANT SELECT ON workflow_versions, ai_engines TO lekhika_api;
GRANT SELECT, INSERT ON user_engines TO lekhika_api;
GRANT SELECT ON workflow_versions TO lekhika_worker;

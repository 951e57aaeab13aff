-- Users' own themes: settings of files under a name, over one of the themes that come with the product. Runs take what a theme says when they are ordered,
-- so nothing refers to a row.
CREATE TABLE themes (
    id          uuid PRIMARY KEY,
    user_id     uuid NOT NULL REFERENCES users,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 500),
    settings    jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object' AND octet_length(settings::text) <= 8192),
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT themes_of_owner UNIQUE (user_id, name)
);
CALL close_to_tenant('themes');

GRANT SELECT, INSERT, DELETE, UPDATE (name, description, settings, updated_at) ON themes TO lekhika_api;
-- Runs come in at the worker's internal port too.
GRANT SELECT ON themes TO lekhika_worker;

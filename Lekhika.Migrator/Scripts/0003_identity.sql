CREATE TABLE levels (
    id          uuid PRIMARY KEY,
    key         text NOT NULL UNIQUE CHECK (key IN ('starter', 'pro', 'enterprise')),
    name        text NOT NULL,
    tier        integer NOT NULL UNIQUE
);
CALL open_for_reading('levels');

CREATE TABLE users (
    id            uuid PRIMARY KEY,
    email         text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    full_name     text NOT NULL DEFAULT '' CHECK (length(full_name) <= 200),
    password_hash text NOT NULL,
    role          text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin', 'superadmin')),
    level_id      uuid NOT NULL REFERENCES levels,
    is_active     boolean NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email ON users (lower(email));
CALL close_to_tenant('users', 'id');

-- A key is stored as the SHA-256 of its text: it has 160 random bits, so a slow hash would protect nothing more.
CREATE TABLE api_keys (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    prefix       text NOT NULL,
    hash         bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    scopes       text[] NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);
CREATE INDEX api_keys_user ON api_keys (user_id, created_at DESC, id);
CALL close_to_tenant('api_keys');

GRANT SELECT ON levels TO lekhika_api;
-- Not the role, and the level only when the account is made: no request can raise itself.
GRANT SELECT, INSERT (id, email, full_name, password_hash, level_id) ON users TO lekhika_api;
GRANT UPDATE (full_name, password_hash, updated_at) ON users TO lekhika_api;
GRANT SELECT, INSERT ON api_keys TO lekhika_api;
GRANT UPDATE (revoked_at, last_used_at) ON api_keys TO lekhika_api;

-- Pictures that models have made. The bytes stand apart, once for each tenant however many runs (forks) refer to them, so that no list ever reads one.
CREATE TABLE asset_contents (
    user_id uuid NOT NULL REFERENCES users,
    sha256  bytea NOT NULL CHECK (octet_length(sha256) = 32),
    content bytea NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 20971520),
    PRIMARY KEY (user_id, sha256)
);
ALTER TABLE asset_contents ALTER COLUMN content SET STORAGE EXTERNAL;
CALL close_to_tenant('asset_contents');

-- One for each step that makes a picture: a step that was paid for and not committed finds what it has made.
CREATE TABLE assets (
    id           uuid PRIMARY KEY,
    execution_id uuid NOT NULL,
    user_id      uuid NOT NULL,
    node_id      text NOT NULL,
    item         integer NOT NULL,
    generation   integer NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('image', 'cover')),
    sha256       bytea NOT NULL,
    media_type   text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp')),
    bytes        integer NOT NULL CHECK (bytes > 0),
    width        integer NOT NULL CHECK (width > 0),
    height       integer NOT NULL CHECK (height > 0),
    prompt       text NOT NULL CHECK (length(prompt) <= 8000),
    alt_text     text NOT NULL CHECK (length(alt_text) <= 1000),
    provider     text NOT NULL,
    model        text NOT NULL,
    licence      text NOT NULL CHECK (length(licence) <= 1000),
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (execution_id, node_id, item, generation),
    FOREIGN KEY (execution_id, user_id) REFERENCES engine_executions (id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (user_id, sha256) REFERENCES asset_contents (user_id, sha256)
);
CREATE INDEX assets_of_content ON assets (user_id, sha256);
CALL close_to_tenant('assets');

-- Bytes that nothing refers to any more go with the last row that did, whoever removes it.
CREATE FUNCTION drop_asset_content() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    DELETE FROM asset_contents c WHERE c.user_id = OLD.user_id AND c.sha256 = OLD.sha256
        AND NOT EXISTS (SELECT FROM assets a WHERE a.user_id = OLD.user_id AND a.sha256 = OLD.sha256);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION drop_asset_content() FROM PUBLIC;
CREATE TRIGGER assets_drop_content AFTER DELETE ON assets FOR EACH ROW EXECUTE FUNCTION drop_asset_content();

GRANT SELECT, INSERT ON assets, asset_contents TO lekhika_worker;
GRANT SELECT ON assets, asset_contents TO lekhika_api;
-- A fork takes the rows of the steps that serve.
GRANT INSERT ON assets TO lekhika_api;
GRANT SELECT ON assets, asset_contents TO lekhika_exporter;

-- How books were made, as their files say it by its hash: text, since a hash is of bytes. What nobody could make again is kept for good.
CREATE TABLE provenance_manifests (
    book_id      uuid NOT NULL,
    sha256       bytea NOT NULL CHECK (octet_length(sha256) = 32),
    execution_id uuid NOT NULL,
    user_id      uuid NOT NULL,
    manifest     text COMPRESSION lz4 NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (book_id, sha256),
    FOREIGN KEY (book_id, user_id) REFERENCES books (id, user_id),
    FOREIGN KEY (execution_id, user_id) REFERENCES engine_executions (id, user_id),
    CHECK (sha256 = sha256(convert_to(manifest, 'UTF8')))
);
CREATE INDEX provenance_of_execution ON provenance_manifests (execution_id, created_at);
CALL close_to_tenant('provenance_manifests');

GRANT SELECT, INSERT ON provenance_manifests TO lekhika_api, lekhika_exporter;
-- What a manifest is made of.
GRANT SELECT (execution_id, user_id, operation, task, provider, provider_name, model_asked, model_answered, status, started_at, input_tokens, output_tokens) ON ai_calls TO lekhika_exporter;
GRANT SELECT (execution_id, user_id, node_id, item, generation, kind, content, model) ON node_outputs TO lekhika_exporter;
GRANT SELECT (execution_id, user_id, node_id, item, generation, guidance, created_at) ON regenerations TO lekhika_exporter;
GRANT SELECT (execution_id, user_id, decision, decided_at) ON previews TO lekhika_exporter;
GRANT SELECT (id, user_id, definition) ON workflow_versions TO lekhika_exporter;

-- The platform's prompts, in versions that never change; the highest of a kind is in force. A part that is null is the text that the product
-- brings along, and so are both of a kind without rows (version 0). Nothing is seeded: an upgrade of the product brings its better texts.
CREATE TABLE prompt_templates (
    kind        text NOT NULL CHECK (kind IN ('requirements', 'bible', 'outline', 'chapter', 'report', 'image', 'cover')),
    version     integer NOT NULL CHECK (version > 0),
    id          uuid NOT NULL UNIQUE,
    system_text text CHECK (length(system_text) BETWEEN 1 AND 20000),
    task_text   text CHECK (length(task_text) BETWEEN 1 AND 20000),
    note        text CHECK (length(note) <= 500),
    created_by  uuid NOT NULL REFERENCES users,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (kind, version)
);
CALL open_for_reading('prompt_templates');
-- As with the platform's providers: administrators, in their own name.
DROP POLICY superadmin ON prompt_templates;
CREATE POLICY admin ON prompt_templates FOR INSERT WITH CHECK (app_role() IN ('admin', 'superadmin') AND created_by = app_user_id());

GRANT SELECT, INSERT ON prompt_templates TO lekhika_api;
GRANT SELECT ON prompt_templates TO lekhika_worker;

-- The version in force of each kind of which one is published.
CREATE FUNCTION prompts_in_force() RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN (SELECT coalesce(jsonb_object_agg(newest.kind, newest.version), '{}') FROM (SELECT t.kind, max(t.version) AS version FROM prompt_templates t GROUP BY t.kind) newest);
REVOKE ALL ON FUNCTION prompts_in_force() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION prompts_in_force() TO lekhika_api, lekhika_worker;

-- A run has the versions that were in force when it was made, whoever makes it, and nobody may change them. Runs of before have none: the embedded texts.
ALTER TABLE engine_executions ADD prompt_versions jsonb NOT NULL DEFAULT prompts_in_force();

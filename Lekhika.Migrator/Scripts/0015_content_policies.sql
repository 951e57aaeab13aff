-- What is not written: the platform's policy (no owner) and users' own, which forbid more. Categories that are absent are as usual.
CREATE TABLE content_policies (
    user_id    uuid UNIQUE NULLS NOT DISTINCT REFERENCES users,
    categories jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(categories) = 'object' AND octet_length(categories::text) <= 2048),
    words      text[] NOT NULL DEFAULT '{}' CHECK (cardinality(words) <= 200),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CALL share_with_owner('content_policies');

GRANT SELECT, INSERT, UPDATE (categories, words, updated_at) ON content_policies TO lekhika_api;
GRANT SELECT ON content_policies TO lekhika_worker;

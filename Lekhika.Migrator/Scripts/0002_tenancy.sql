-- Who is asking: set by set_config('app.user_id', …, true) inside the transaction. Unset means nobody, and nobody sees no rows.
CREATE FUNCTION app_user_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.user_id', true), '')::uuid;

CREATE FUNCTION app_role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.role', true), '');

-- The one place where a tenant's table is closed: enabled and forced, for reading and for writing.
CREATE PROCEDURE close_to_tenant(target regclass, owner_column name DEFAULT 'user_id')
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY tenant ON %s USING (%I = app_user_id()) WITH CHECK (%I = app_user_id())', target, owner_column, owner_column);
END $$;

-- Platform tables: everybody reads, superadmins write.
CREATE PROCEDURE open_for_reading(target regclass)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY readable ON %s FOR SELECT USING (true)', target);
    EXECUTE format('CREATE POLICY superadmin ON %s USING (app_role() = ''superadmin'') WITH CHECK (app_role() = ''superadmin'')', target);
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL PROCEDURES IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app_user_id(), app_role() TO lekhika_api, lekhika_worker, lekhika_exporter, lekhika_doors;

-- Roles belong to the cluster, not to the database, so they may be there already. Passwords are set by the migrator's
-- program, from its environment; a service's role owns nothing and may not pass row-level security.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lekhika_owner') THEN
        CREATE ROLE lekhika_owner NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lekhika_doors') THEN
        CREATE ROLE lekhika_doors NOLOGIN BYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lekhika_api') THEN
        CREATE ROLE lekhika_api LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lekhika_worker') THEN
        CREATE ROLE lekhika_worker LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lekhika_exporter') THEN
        CREATE ROLE lekhika_exporter LOGIN;
    END IF;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO lekhika_owner;
GRANT USAGE ON SCHEMA public TO lekhika_doors, lekhika_api, lekhika_worker, lekhika_exporter;

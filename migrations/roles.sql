-- Separate roles on PostgreSQL. Run it after `entente migrate`, as the owner of the database or a
-- superuser; run it again after every later migration. It gives no passwords and no logins:
--   CREATE ROLE service LOGIN IN ROLE entente_app PASSWORD '...';
-- entente_migrate owns the tables and is for `entente migrate` alone; entente_app is the service and
-- its worker; entente_read reads; entente_verify reads the decision log alone.
DO $roles$
DECLARE
  name text;
  thing record;
BEGIN
  FOREACH name IN ARRAY ARRAY['entente_migrate', 'entente_app', 'entente_read', 'entente_verify'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
  END LOOP;
  FOR thing IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE public.%I OWNER TO entente_migrate', thing.tablename);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, entente_app, entente_read, entente_verify',
                   thing.tablename);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO entente_app', thing.tablename);
    EXECUTE format('GRANT SELECT ON public.%I TO entente_read', thing.tablename);
  END LOOP;
  -- Row-level security binds the service, request by request; readers see all they may read.
  FOR thing IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND rowsecurity LOOP
    EXECUTE format('DROP POLICY IF EXISTS entente_readers ON public.%I', thing.tablename);
    EXECUTE format('CREATE POLICY entente_readers ON public.%I FOR SELECT'
                   ' TO entente_read, entente_verify USING (true)', thing.tablename);
  END LOOP;
  FOR thing IN SELECT p.oid::regprocedure AS signature FROM pg_proc p
               WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'entente%' LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO entente_migrate', thing.signature);
  END LOOP;
END $roles$;

GRANT USAGE, CREATE ON SCHEMA public TO entente_migrate;
GRANT USAGE ON SCHEMA public TO entente_app, entente_read, entente_verify;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO entente_app;

-- The log is only added to. Its content alone can be emptied, which the triggers hold to that.
REVOKE UPDATE, DELETE ON request_events, ledger_entries, compendium_entries FROM entente_app;
GRANT UPDATE (data, salt) ON request_events TO entente_app;
GRANT UPDATE (content, salt) ON ledger_entries TO entente_app;
REVOKE DELETE ON requests, ledger_heads, ledger_anchors, ledger_marks FROM entente_app;
REVOKE UPDATE ON ledger_anchors FROM entente_app;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM entente_app;
-- Secrets are not for readers.
REVOKE SELECT ON api_tokens, stored_answers, request_keys, letters, accounts, second_factors,
  recovery_codes, web_sessions, one_time_links, attempts, call_counts FROM entente_read;
GRANT SELECT ON requests, request_events, ledger_entries, ledger_heads, ledger_marks, ledger_anchors
  TO entente_verify;

-- The audit is append-only. A row comes without a place; the sealer gives it one, once. Nothing else ever changes, and nothing is deleted.
-- This stops mistakes and stolen application credentials that are not the owner's; who owns the tables can drop it, and is found by the seal.
CREATE FUNCTION audit_log_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.seq IS NULL AND NEW.hash IS NULL THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND OLD.hash IS NULL AND NEW.seq IS NOT NULL AND NEW.hash IS NOT NULL
    AND to_jsonb(NEW) - 'seq' - 'hash' = to_jsonb(OLD) - 'seq' - 'hash' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE FUNCTION seal_heads_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.published_at IS NULL AND to_jsonb(NEW) - 'published_at' = to_jsonb(OLD) - 'published_at' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'heads of the audit stay as they are: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_log_guard BEFORE INSERT OR UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_guard();
--> statement-breakpoint
CREATE TRIGGER audit_log_truncate_guard BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_log_guard();
--> statement-breakpoint
CREATE TRIGGER seal_heads_guard BEFORE UPDATE OR DELETE ON seal_heads FOR EACH ROW EXECUTE FUNCTION seal_heads_guard();
--> statement-breakpoint
CREATE TRIGGER seal_heads_truncate_guard BEFORE TRUNCATE ON seal_heads FOR EACH STATEMENT EXECUTE FUNCTION seal_heads_guard();

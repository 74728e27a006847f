CREATE TABLE "alert_routes" (
	"team" text PRIMARY KEY NOT NULL,
	"destinations" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"finding" text,
	"opened_at" timestamp with time zone,
	"destination" text NOT NULL,
	"destination_name" text NOT NULL,
	"title" text NOT NULL,
	"level" text NOT NULL,
	"outcome" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"detail" text DEFAULT '' NOT NULL,
	"next_at" timestamp with time zone,
	"tried_at" timestamp with time zone,
	"claimed_until" timestamp with time zone,
	"digest" text,
	"message" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "destinations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"target" text NOT NULL,
	"sealed" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"quiet_until" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "destinations_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "rule_hours" (
	"rule" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"signals" bigint NOT NULL,
	"last_match_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rule_hours_rule_hour_pk" PRIMARY KEY("rule","hour")
);
--> statement-breakpoint
CREATE TABLE "finding_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"finding" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "findings" (
	"id" text PRIMARY KEY NOT NULL,
	"rule_id" text NOT NULL,
	"rule" jsonb NOT NULL,
	"entity_kind" text NOT NULL,
	"entity_key" text NOT NULL,
	"entity_name" text NOT NULL,
	"title" text NOT NULL,
	"level" text NOT NULL,
	"count" bigint NOT NULL,
	"first_seen" timestamp with time zone NOT NULL,
	"last_seen" timestamp with time zone NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"evidence" jsonb NOT NULL,
	"news" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"priority" text NOT NULL,
	"priority_why" text NOT NULL,
	"owner" text,
	"team" text,
	"service" text,
	"environment" text NOT NULL,
	"due_at" timestamp with time zone,
	"accepted_until" timestamp with time zone,
	"duplicate_of" text,
	"labels" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"links" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"suppressed_by" text,
	"opened_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved_views" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"filter" jsonb NOT NULL,
	"shared" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "suppressions" (
	"id" text PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"rule" text,
	"entity" text,
	"account" text,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by_kind" text NOT NULL,
	"created_by_id" text NOT NULL,
	"created_by_name" text NOT NULL,
	"hidden" bigint DEFAULT 0 NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"secret_hash" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"actor_name" text NOT NULL,
	"address" text,
	"action" text NOT NULL,
	"resource_type" text NOT NULL,
	"resource_id" text NOT NULL,
	"outcome" text NOT NULL,
	"detail" jsonb NOT NULL,
	"seq" bigint,
	"hash" text,
	CONSTRAINT "audit_log_seq_unique" UNIQUE("seq")
);
--> statement-breakpoint
CREATE TABLE "oidc_accounts" (
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "oidc_accounts_issuer_subject_pk" PRIMARY KEY("issuer","subject")
);
--> statement-breakpoint
CREATE TABLE "one_time_links" (
	"secret_hash" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"email" text NOT NULL,
	"roles" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "passkey_challenges" (
	"challenge_hash" text PRIMARY KEY NOT NULL,
	"user_id" text,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"public_key" text NOT NULL,
	"counter" bigint NOT NULL,
	"transports" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "seal_heads" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"count" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"signature" text NOT NULL,
	"published_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"secret_hash" text NOT NULL,
	"user_id" text NOT NULL,
	"stage" text NOT NULL,
	"address" text,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sessions_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
CREATE TABLE "sign_in_failures" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"network" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "totp_secrets" (
	"user_id" text PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL,
	"last_step" bigint NOT NULL,
	"confirmed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"roles" text[] NOT NULL,
	"mapped_roles" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"disabled_at" timestamp with time zone,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "collectors" (
	"id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"kind" text NOT NULL,
	"url" text NOT NULL,
	"role" text,
	"paused" boolean DEFAULT false NOT NULL,
	"problem" text,
	"last_success_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "collectors_url_unique" UNIQUE("url")
);
--> statement-breakpoint
CREATE TABLE "dead_letter_replays" (
	"letter" text PRIMARY KEY NOT NULL,
	"receipt" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "intake_hours" (
	"source" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"read" bigint NOT NULL,
	"stored" bigint NOT NULL,
	"duplicate" bigint NOT NULL,
	"dead" bigint NOT NULL,
	"bytes" bigint NOT NULL,
	"last_event_at" timestamp with time zone,
	"last_received_at" timestamp with time zone NOT NULL,
	"lag_ms" bigint NOT NULL,
	CONSTRAINT "intake_hours_source_hour_pk" PRIMARY KEY("source","hour")
);
--> statement-breakpoint
CREATE TABLE "receipts" (
	"sender" text NOT NULL,
	"source" text NOT NULL,
	"key" text NOT NULL,
	"id" text NOT NULL,
	"bytes" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "receipts_sender_source_key_pk" PRIMARY KEY("sender","source","key")
);
--> statement-breakpoint
CREATE TABLE "source_settings" (
	"source" text PRIMARY KEY NOT NULL,
	"retention_days" integer
);
--> statement-breakpoint
CREATE TABLE "lake_batches" (
	"no" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "lake_batches_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" text NOT NULL,
	"at" text NOT NULL,
	"counts" jsonb NOT NULL,
	"objects" jsonb NOT NULL,
	"paths" jsonb NOT NULL,
	CONSTRAINT "lake_batches_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "lake_intents" (
	"id" text PRIMARY KEY NOT NULL,
	"paths" jsonb NOT NULL,
	"begun_at" timestamp with time zone NOT NULL,
	"aborted" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lake_objects" (
	"location" text NOT NULL,
	"version" text NOT NULL,
	"bytes" bigint,
	"up_to" integer NOT NULL,
	"complete" integer NOT NULL,
	"done" boolean NOT NULL,
	CONSTRAINT "lake_objects_location_version_pk" PRIMARY KEY("location","version")
);
--> statement-breakpoint
CREATE TABLE "lake_parts" (
	"path" text PRIMARY KEY NOT NULL,
	"batch" text NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"day" text NOT NULL,
	"rows" integer NOT NULL,
	"bytes" bigint NOT NULL,
	"first" text,
	"last" text,
	"digest" text,
	"replaced_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oidc_accounts" ADD CONSTRAINT "oidc_accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkey_challenges" ADD CONSTRAINT "passkey_challenges_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "totp_secrets" ADD CONSTRAINT "totp_secrets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_once" ON "deliveries" USING btree ("finding","opened_at","destination","kind");--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("next_at") WHERE outcome = 'waiting';--> statement-breakpoint
CREATE INDEX "deliveries_order" ON "deliveries" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "deliveries_destination" ON "deliveries" USING btree ("destination","tried_at");--> statement-breakpoint
CREATE INDEX "deliveries_digest" ON "deliveries" USING btree ("digest") WHERE digest IS NOT NULL;--> statement-breakpoint
CREATE INDEX "rule_hours_hour" ON "rule_hours" USING btree ("hour");--> statement-breakpoint
CREATE INDEX "finding_events_finding" ON "finding_events" USING btree ("finding","id");--> statement-breakpoint
CREATE INDEX "findings_order" ON "findings" USING btree ("state","priority","last_seen","id");--> statement-breakpoint
CREATE INDEX "findings_cell" ON "findings" USING btree ("rule_id","entity_key","window_start");--> statement-breakpoint
CREATE INDEX "findings_entity" ON "findings" USING btree ("entity_key");--> statement-breakpoint
CREATE INDEX "findings_changed" ON "findings" USING btree ("changed_at");--> statement-breakpoint
CREATE INDEX "suppressions_live" ON "suppressions" USING btree ("expires_at") WHERE ended_at IS NULL;--> statement-breakpoint
CREATE INDEX "api_tokens_created_by" ON "api_tokens" USING btree ("created_by");--> statement-breakpoint
CREATE INDEX "audit_log_unsealed" ON "audit_log" USING btree ("id") WHERE "audit_log"."seq" IS NULL;--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_resource" ON "audit_log" USING btree ("resource_type","resource_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_time_links_one_each" ON "one_time_links" USING btree ("kind","email");--> statement-breakpoint
CREATE INDEX "passkey_challenges_expires" ON "passkey_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "passkeys_user" ON "passkeys" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "recovery_codes_user" ON "recovery_codes" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sign_in_failures_account" ON "sign_in_failures" USING btree ("account","at");--> statement-breakpoint
CREATE INDEX "sign_in_failures_network" ON "sign_in_failures" USING btree ("network","at");--> statement-breakpoint
CREATE INDEX "sign_in_failures_at" ON "sign_in_failures" USING btree ("at");--> statement-breakpoint
CREATE INDEX "receipts_at" ON "receipts" USING btree ("at");--> statement-breakpoint
CREATE INDEX "lake_parts_current" ON "lake_parts" USING btree ("kind","source","day") WHERE replaced_at IS NULL;--> statement-breakpoint
CREATE INDEX "lake_parts_replaced" ON "lake_parts" USING btree ("replaced_at") WHERE replaced_at IS NOT NULL;
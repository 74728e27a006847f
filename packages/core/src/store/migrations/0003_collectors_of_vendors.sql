ALTER TABLE "collectors" ADD COLUMN "sealed" text;--> statement-breakpoint
ALTER TABLE "collectors" ADD COLUMN "checkpoint" text;--> statement-breakpoint
ALTER TABLE "collectors" ADD COLUMN "backfill" text;--> statement-breakpoint
ALTER TABLE "collectors" ADD COLUMN "waiting_until" timestamp with time zone;
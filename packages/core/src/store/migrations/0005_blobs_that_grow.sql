CREATE TABLE "collected_blobs" (
	"location" text PRIMARY KEY NOT NULL,
	"etag" text,
	"whole" boolean NOT NULL,
	"followed" text NOT NULL
);

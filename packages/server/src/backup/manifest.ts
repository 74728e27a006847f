import { createHash } from "node:crypto";
import * as z from "zod";
import { Unavailable } from "@corduroy/core/kernel";

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Stored = z.object({ digest: Digest, bytes: z.int().min(0) });
/** Nothing that a backup names leads out of the folder it is restored to. */
const PART = /^(?:events\/source=[a-z0-9][a-z0-9._-]{0,99}\/day=\d{4}-\d{2}-\d{2}|signals\/day=\d{4}-\d{2}-\d{2}|dead)\/[A-Za-z0-9][A-Za-z0-9_-]{0,99}\.parquet$/;
const SEGMENT = /^(?:quarantine\/)?[A-Za-z0-9][A-Za-z0-9_-]{0,99}\.seg$/;

/** What a backup holds: all else lies beside it under its digest. */
export const BackupManifest = z.object({
  /** Grows when an older program could not read the backup any more. */
  format: z.literal(1),
  /** Of the program that made it. */
  version: z.string().max(50),
  at: z.iso.datetime(),
  /** Which tables there were: the steps that the database had made. */
  migrations: z.array(z.object({ at: z.int(), hash: z.string().max(100) })).min(1),
  /** Gzipped lines of JSON, one a row. */
  tables: z.array(Stored.extend({ name: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/), rows: z.int().min(0) })),
  parts: z.array(Stored.extend({ path: z.string().regex(PART) })),
  /** What was received and not yet in the lake when the backup began. */
  spool: z.array(Stored.extend({ path: z.string().regex(SEGMENT) })),
  /** The keys, encrypted with a passphrase; null where none was given. */
  keys: Stored.nullable(),
});
export type BackupManifest = z.infer<typeof BackupManifest>;
export type StoredFile = z.infer<typeof Stored>;

export const MANIFESTS = "backups/";
const NAME = /^backups\/(\d{8}T\d{9}Z)-([0-9a-f]{64})\.json$/;

/** Where a stored file lies. */
export function objectName(digest: string): string {
  return `objects/${digest.slice(0, 2)}/${digest}`;
}

/**
 * The text of a manifest, and its name, which comes behind all that are there: it begins with the manifest's time, or, where the clock was set back, with the next millisecond after the latest.
 * @param others names that are there
 */
export function sealedManifest(manifest: BackupManifest, others: readonly string[]): { name: string; text: string } {
  const text = `${JSON.stringify(manifest)}\n`;
  const latest = timeOf(latestManifest(others) ?? "");
  const time = new Date(Math.max(Date.parse(manifest.at), latest + 1)).toISOString();
  return { name: `${MANIFESTS}${time.replaceAll(/[-:.]/g, "")}-${digestOfText(text)}.json`, text };
}

/** The latest of these names that is one of a manifest; undefined when there is none. */
export function latestManifest(names: readonly string[]): string | undefined {
  return names.filter((name) => timeOf(name) > 0).sort().at(-1);
}

/** The time in a manifest's name, in milliseconds since the epoch; 0 for another name. */
function timeOf(name: string): number {
  const [, time = ""] = NAME.exec(name) ?? [];
  return Date.parse(time.replace(/^(....)(..)(..T..)(..)(..)(...Z)$/, "$1-$2-$3:$4:$5.$6")) || 0;
}

/**
 * Reads a manifest and checks it against its name.
 * @throws Unavailable when it is damaged, or newer than this program
 */
export function openManifest(name: string, text: string): BackupManifest {
  if (digestOfText(text) !== NAME.exec(name)?.[2]) throw new Unavailable(`The backup ${name} is damaged: its content is not what its name says.`, { hint: "Restore the one before it: name it with --backup." });
  const value = JSON.parse(text) as { format?: unknown };
  if (typeof value.format === "number" && value.format > 1) throw new Unavailable("The backup was made by a newer version of Corduroy.", { hint: "Restore it with that version." });
  const parsed = BackupManifest.safeParse(value);
  if (!parsed.success) throw new Unavailable(`The backup ${name} is not one that Corduroy has made.`, { cause: parsed.error });
  return parsed.data;
}

function digestOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

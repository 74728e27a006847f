const LOG_WORDS = new Set(["json", "jsonl", "ndjson", "log", "txt"]);
const COMPRESSED = /\.(?:gz|gzip|zst|zstd)$/;
const ROTATION = /^[0-9][0-9tz:_-]*$/;

const NOT_A_LOG =
  "Not read: the name does not look like a log (.json, .jsonl, .ndjson, .log, .txt, .gz, .zst or no extension). Name the file itself to read it";
export const HIDDEN = "Not read: the name starts with a dot. Name it itself to read it";
export const DIGEST = "Not read: CloudTrail digest files hold signatures of log files, not events";

/**
 * Whether a file found in a folder, or an object found under a prefix, counts as a log. A file that is named itself, or by
 * a pattern, is read whatever its name.
 *
 * Counts: `.json`, `.jsonl`, `.ndjson`, `.log`, `.txt`, also where rotation has added a number or a date (`audit.log.1`,
 * `app.json.2026-11-01`); names without an extension; anything compressed with gzip or zstd but archives (`.tar.gz`).
 */
export function looksLikeLog(name: string): boolean {
  const lower = name.toLowerCase();
  const plain = lower.replace(COMPRESSED, "");
  const [, ...extensions] = plain.split(".");
  const last = extensions.at(-1);
  if (plain !== lower) return last !== "tar";
  return last === undefined || ROTATION.test(last) || LOG_WORDS.has(last);
}

/** Dot files, and the dot folders around them, are somebody's housekeeping (`.DS_Store`, `.git`). */
export function isHidden(name: string): boolean {
  return name.startsWith(".");
}

/** The folder in which CloudTrail keeps the digests that prove its log files unchanged. */
export const DIGEST_FOLDER = "CloudTrail-Digest";

/** Whether a path or key lies in, or is, a folder of CloudTrail digests. */
export function inDigestFolder(path: string): boolean {
  return `/${path}/`.includes(`/${DIGEST_FOLDER}/`);
}

/** Why a file or object met on the way is left out, or undefined when it is to be read. */
export function whyNotALog(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (isHidden(name)) return HIDDEN;
  if (inDigestFolder(path)) return DIGEST;
  return looksLikeLog(name) ? undefined : NOT_A_LOG;
}

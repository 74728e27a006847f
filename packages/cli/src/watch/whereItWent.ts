import type { FollowedFile } from "@corduroy/core/ingest";
import type { Followed } from "./journal.ts";

/**
 * Finds a text again that is not where it was: copied away before its file was emptied, or packed (as `logrotate` does). A file that merely says the same as one
 * that is gone is another one: two equal events are two.
 * @param lost texts whose file was not found
 * @param paths everything that was listed
 */
export function whereItWent(lost: readonly Followed[], paths: ReadonlySet<string>): (file: FollowedFile, found: ReadonlySet<string>) => Promise<Followed | null> {
  const byHead = new Map<string, Followed[]>();
  for (const followed of lost) byHead.set(followed.marks.head, [...(byHead.get(followed.marks.head) ?? []), followed]);
  const lengths = [...new Set(lost.map(({ marks }) => marks.headBytes))];
  return async (file, found) => {
    if (lengths.length === 0) return null;
    for (const head of (await file.heads(lengths)).values()) {
      for (const followed of byHead.get(head) ?? []) {
        const wasPacked = file.packed && !followed.packed;
        const wasCopied = paths.has(followed.path);
        if (!found.has(followed.version) && (wasPacked || wasCopied) && (await file.bears(followed.marks))) return followed;
      }
    }
    return null;
  };
}

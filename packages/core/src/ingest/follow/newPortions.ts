import { isJournalExport } from "../read/journalExport.ts";
import { tellLayout } from "../read/layout.ts";
import { elementPortions } from "./elementPortions.ts";
import type { FollowedText } from "./followedText.ts";
import { headed, headerOf } from "./header.ts";
import { firstByte, isWhole, linePortions, type Rest } from "./linePortions.ts";
import type { Place, Portion } from "./portion.ts";

/** A text that has not shown its layout after so many bytes is read as lines. */
const LOOKED_AT = 64 * 1024 * 1024;
const NEWLINE = 0x0a;
const OPEN = 0x7b;
/** Its entries go over lines, and are not kept as they lie there: a place in the one is none in the other. */
const NOT_FOLLOWED = "it is an export of systemd's journal, which can be scanned or sent, and not followed: write it with journalctl -o json";

/**
 * What has come to a file since it was taken up to `place`, as bodies in the order of its records. The same bytes give the same records with the same numbers,
 * however often one looks while they are being written.
 * @param rests nobody writes to the file any more, as far as one can tell
 * @param onDamage told when a packed file is damaged, and rests: what can be read is given all the same; and of an export of the journal, of which nothing is given
 * @returns whether all of it is taken, so that there is no need to look again before it changes
 * @throws the system's error when it cannot be read
 */
export async function* newPortions(file: FollowedText, place: Place, { rests, onDamage }: { rests: Rest; onDamage: (reason: string) => void }): AsyncGenerator<Portion, boolean> {
  const layout = await layoutOf(file);
  const told = (reason: string): void => {
    if (rests !== "no") onDamage(reason);
  };
  if (layout === "journal") told(NOT_FOLLOWED);
  if (layout === null || layout === "journal") return rests !== "no";
  if (layout === "elements") return yield* elementPortions(file.text(0, told), place, rests !== "no");
  return yield* headed(linePortions(file.text(place.bytes, told), place, rests), await headerOf(file.text(0)));
}

/** Whether records lie in lines; null while that may still turn out otherwise. */
async function layoutOf(file: FollowedText): Promise<"lines" | "elements" | "journal" | null> {
  let head: Buffer = Buffer.alloc(0);
  let pieces: Buffer[] = [];
  let waiting = 0;
  for await (const chunk of file.text(0)) {
    pieces.push(chunk);
    waiting += chunk.length;
    if (waiting < head.length) continue;
    head = Buffer.concat([head, ...pieces]);
    [pieces, waiting] = [[], 0];
    if (isJournalExport(head)) return "journal";
    const at = firstByte(head, true);
    const told = at === head.length ? null : tellLayout(head, at, head.length > LOOKED_AT);
    if (told !== null) return told.layout === "lines" ? "lines" : "elements";
  }
  head = Buffer.concat([head, ...pieces]);
  const at = firstByte(head, true);
  if (at === head.length) return null;
  const newline = head.indexOf(NEWLINE, at);
  // An object that goes on behind its first line, of which no more is there yet, may become anything.
  if (head[at] === OPEN && newline >= 0 && !isWhole(head.subarray(at, newline)) && firstByte(head.subarray(newline), false) === head.length - newline) return null;
  return tellLayout(head, at, true)?.layout === "lines" ? "lines" : "elements";
}

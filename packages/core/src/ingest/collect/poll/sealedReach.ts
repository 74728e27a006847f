import type { SecretBox } from "../../../identity/index.ts";
import { reach, type Reach } from "./vendors.ts";

/** What it takes to ask a vendor, for the database. */
export function sealReach(box: SecretBox, id: string, to: Reach): string {
  return box.seal(JSON.stringify(to), belongsTo(id));
}

/** @throws Unavailable when it was sealed with another key */
export function openReach(box: SecretBox, { id, sealed }: { id: string; sealed: string }): Reach {
  return reach.parse(JSON.parse(box.open(sealed, belongsTo(id))));
}

function belongsTo(id: string): string {
  return `collector:${id}`;
}

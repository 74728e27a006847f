import type { SecretBox } from "../../../identity/index.ts";
import type { CollectorRow } from "../store.ts";
import { reach, type Reach } from "./vendors.ts";

/** What it takes to ask a vendor or to read a store, for the database. */
export function sealReach(box: SecretBox, id: string, to: object): string {
  return box.seal(JSON.stringify(to), belongsTo(id));
}

/** @throws Unavailable when it was sealed with another key */
export function openReach(box: SecretBox, row: Pick<CollectorRow, "id" | "sealed">): Reach {
  return reach.parse(unsealed(box, row));
}

/** What `sealReach` was given. @throws as `openReach` */
export function unsealed(box: SecretBox, { id, sealed }: Pick<CollectorRow, "id" | "sealed">): unknown {
  return JSON.parse(box.open(sealed ?? "", belongsTo(id)));
}

function belongsTo(id: string): string {
  return `collector:${id}`;
}

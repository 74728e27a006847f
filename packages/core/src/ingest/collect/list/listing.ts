import { visible } from "../../../kernel/index.ts";

/** An object that a store lists. */
export interface Listed {
  /** Its address, unlike that of any other object. */
  location: string;
  /** Another content has another version. */
  version: string;
  /** Last change, in milliseconds since the epoch. */
  modified: number;
  /** It lies in an archive, and cannot be read before it is restored. */
  archived?: true;
}

export interface ListedPage<Object> {
  /** Logs: what else there is was left out. */
  objects: Object[];
  /** Where the next page begins; null at the end. */
  next: string | null;
  /** What was left out although it may be a log, in words. */
  problem: string | null;
}

/** A store that is listed in the order of names, and what becomes of its objects. */
export interface Listing<Object extends Listed> {
  /**
   * One page of the list.
   * @param from where the page before it has ended; empty for the first one
   * @param floor what was changed before it is not wanted, and may be left out
   * @throws PlaceLost when `from` is no place any more; Unavailable, in words, when the store cannot be listed
   */
  page(from: string, floor: Date): Promise<ListedPage<Object>>;
  /** Those of a page whose version was not taken in to its end. */
  missing(objects: readonly Object[]): Promise<Object[]>;
  /**
   * Takes an object in.
   * @returns what is wrong with it and cannot be helped; null when nothing is
   * @throws NotRead when it is to be tried again later
   */
  take(object: Object): Promise<string | null>;
}

/** Leaves out names that no database can hold. */
export function withNames<Object extends Listed>(objects: readonly Object[]): { named: Object[]; problem: string | null } {
  const odd = objects.filter(({ location }) => location.includes("\0"));
  const problem = odd[0] === undefined ? null : `Objects with a NUL in their name are left out: ${visible(odd[0].location)}${odd.length > 1 ? `, and ${odd.length - 1} more` : ""}. Copy them to other names.`.slice(0, 1_000);
  return { named: objects.filter(({ location }) => !location.includes("\0")), problem };
}

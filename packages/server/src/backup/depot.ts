import { s3Depot } from "./s3Depot.ts";
import { folderDepot } from "./folderDepot.ts";

/** A place for backups. Names are relative, `/`-separated; what is stored once under a name never changes. */
export interface Depot {
  /** Whether a file of this size is there. */
  has(name: string, bytes: number): Promise<boolean>;
  /** Stores a file of this machine. It is there as a whole or not at all. @param digest its SHA-256, in hexadecimal. @throws Unavailable when something else arrives */
  put(name: string, path: string, digest: string): Promise<void>;
  /** Fetches a file to a path where there is none. @throws NotFound */
  get(name: string, path: string): Promise<void>;
  /** Names that begin with a folder's. */
  list(folder: string): Promise<string[]>;
}

/** Opens a place for backups: a folder, or `s3://bucket/prefix` with the credentials of the environment. */
export function openDepot(place: string): Promise<Depot> {
  return /^s3:\/\//i.test(place) ? s3Depot(place) : Promise.resolve(folderDepot(place));
}

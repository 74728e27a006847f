import { isUtf8 } from "node:buffer";
import { accessSync, constants, lstatSync, readdirSync, realpathSync, statSync, type Stats } from "node:fs";
import { DIGEST, DIGEST_FOLDER, HIDDEN, isHidden, whyNotALog } from "./logNames.ts";
import { errorCode, pathFailure } from "./pathFailure.ts";

/** What one name in a folder turned out to be. `real` is the path without links. */
export type Entry =
  | { is: "file"; location: string; real: string; linked: boolean; size: number; modified: number }
  | { is: "folder"; location: string; real: string }
  | { is: "left out"; location: string; reason: string }
  | { is: "unreadable"; location: string; reason: string };

/**
 * The entries of one folder, in the byte order of their names. Reads all names at once (a hundred thousand take 10 MB) and
 * looks at each file only when its turn comes. Links are followed.
 *
 * The system calls are the blocking ones on purpose: 6 us of processor time a file, against 40 us for the promises, and
 * the processors have events to read. Whoever walks lets other work have its turn.
 *
 * @throws the system's error when the folder cannot be read
 */
export function openFolder(location: string, real: string): Generator<Entry> {
  // Latin-1 keeps the bytes of names that are not UTF-8, and sorts as the bytes do.
  const names = readdirSync(real, { encoding: "latin1" });
  return entries(location, real, names.sort());
}

function* entries(location: string, real: string, names: string[]): Generator<Entry> {
  for (const name of names) yield inspect(location, real, name);
}

function inspect(folder: string, realFolder: string, latin1: string): Entry {
  const bytes = Buffer.from(latin1, "latin1");
  const name = bytes.toString("utf8");
  const location = below(folder, name);
  if (isHidden(name)) return { is: "left out", location, reason: HIDDEN };
  if (name === DIGEST_FOLDER) return { is: "left out", location, reason: DIGEST };
  if (!isUtf8(bytes)) {
    return { is: "unreadable", location, reason: "The file's name is not valid UTF-8. Rename it." };
  }
  const own = below(realFolder, name);
  try {
    const found = lstatSync(own);
    if (!found.isSymbolicLink()) return classify(found, location, own, false);
    return classify(statSync(own), location, realpathSync.native(own), true);
  } catch (error) {
    const dangling = errorCode(error) === "ENOENT";
    return { is: "unreadable", location, reason: dangling ? "This link points to nothing, or the file has just gone." : pathFailure(error, "file") };
  }
}

function classify(found: Stats, location: string, real: string, linked: boolean): Entry {
  if (found.isDirectory()) return { is: "folder", location, real };
  const special = specialKind(found);
  if (special !== undefined) return { is: "left out", location, reason: `Not read: this is a ${special}, not a file` };
  const reason = whyNotALog(location);
  if (reason !== undefined) return { is: "left out", location, reason };
  accessSync(real, constants.R_OK);
  return { is: "file", location, real, linked, size: found.size, modified: Math.trunc(found.mtimeMs) };
}

/** What a path is when it is neither a file nor a folder. */
export function specialKind(found: Stats): string | undefined {
  if (found.isFIFO()) return "named pipe";
  if (found.isSocket()) return "socket";
  if (found.isCharacterDevice() || found.isBlockDevice()) return "device";
  return undefined;
}

function below(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

import { createWriteStream } from "node:fs";
import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { isCode } from "@corduroy/core/lake";
import type { BackupManifest } from "./manifest.ts";
import type { Sender } from "./sender.ts";

/** What was put aside is looked at twice: a segment that people have tried again leaves it for the spool, and one that workers die of goes the other way. */
const FOLDERS = ["quarantine/", "", "quarantine/"];

/**
 * Sends what was received and is not in the lake yet.
 *
 * The service goes on appending to the newest segment, so each is copied as far as it reaches at one moment: what was acknowledged before that is in the copy, and a frame
 * that is cut in two at its end is passed over by whoever reads it, like one that a power cut has torn.
 * @param temporary a folder for one copy at a time
 */
export async function sendSpool(sender: Pick<Sender, "send">, folder: string, temporary: string): Promise<BackupManifest["spool"]> {
  const sent = new Map<string, BackupManifest["spool"][number]>();
  for (const below of FOLDERS) {
    for (const name of await segmentsIn(join(folder, below))) {
      const path = `${below}${name}`;
      // Where it was last is where it goes on.
      if (sent.get(name)?.path === path) continue;
      const copy = join(temporary, name);
      if (await copied(join(folder, path), copy)) sent.set(name, { path, ...(await sender.send(copy)) });
      await rm(copy, { force: true });
    }
  }
  return [...sent.values()];
}

async function segmentsIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((each) => each.endsWith(".seg")).sort();
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** Copies a file as far as it reaches now. @returns false where nothing is to be copied: it is empty, or gone, since it has just been taken into the lake, and the snapshot to come has it */
async function copied(from: string, to: string): Promise<boolean> {
  const file = await open(from).catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  });
  if (file === null) return false;
  try {
    const { size } = await file.stat();
    if (size === 0) return false;
    await pipeline(file.createReadStream({ start: 0, end: size - 1, autoClose: false }), createWriteStream(to, { flags: "wx", mode: 0o600 }));
    return true;
  } finally {
    await file.close();
  }
}

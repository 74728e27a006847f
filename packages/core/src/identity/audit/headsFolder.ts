import { randomBytes } from "node:crypto";
import { link, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { Conflict, Unavailable } from "../../kernel/index.ts";
import type { SealHead } from "./head.ts";
import type { PublishHead } from "./sealAudit.ts";

const headShape = z.strictObject({ seq: z.int().min(1), hash: z.string().length(64), count: z.int().min(1), at: z.iso.datetime(), signature: z.string().max(200) });

/**
 * Heads as files of a folder, one each, read-only, never replaced. The folder is as trustworthy as whoever can write in it: mount one that is
 * write-once, or that another machine keeps.
 */
export function headsFolder(folder: string): PublishHead {
  return async (head) => {
    const path = join(folder, nameOf(head));
    const text = textOf(head);
    const temporary = join(folder, `.${randomBytes(6).toString("hex")}`);
    const file = await open(temporary, "wx", 0o444);
    try {
      await file.writeFile(text);
      await file.sync();
      // Unlike a rename, a link never takes the place of a file.
      await link(temporary, path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      if ((await readFile(path, "utf8")) !== text) throw new Conflict(`Another state of the audit was published as ${nameOf(head)}.`, { hint: "Verify the audit. After restoring an older backup, publish to a new folder and keep this one." });
    } finally {
      await file.close();
      await rm(temporary);
    }
    await syncFolder(folder);
  };
}

/**
 * The heads that were published to a folder, in order.
 * @throws Unavailable when a file in it is no head
 */
export async function readHeadsFolder(folder: string): Promise<SealHead[]> {
  const names = (await readdir(folder)).filter((name) => /^head-\d{12,}\.json$/.test(name)).sort();
  return Promise.all(names.map((name) => readHead(join(folder, name))));
}

async function readHead(path: string): Promise<SealHead> {
  try {
    return headShape.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new Unavailable(`${path} holds no head of the audit.`, { hint: "It has been changed after it was published. Compare it with a copy.", cause });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync();
  await handle.close();
}

function nameOf({ seq }: SealHead): string {
  return `head-${String(seq).padStart(12, "0")}.json`;
}

function textOf(head: SealHead): string {
  return `${JSON.stringify(head)}\n`;
}

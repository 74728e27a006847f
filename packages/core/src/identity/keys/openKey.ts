import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Unavailable } from "../../kernel/index.ts";
import type { KeyWrap } from "./keyWrap.ts";

const KEY_BYTES = 32;
const OPEN = /^[0-9a-f]{64}\n?$/;
/** `<kind>:<text>`, as a wrap of that kind has made it. */
const WRAPPED = /^([a-z]{1,20}):([\w.+/=-]{1,10000})\n?$/;

/**
 * The 32-byte key in a file that its owner alone can read: as 64 hex digits, or wrapped. A missing file is made, whole or not at all, with a new
 * key; of several processes that make it at once, all get the same. A key that lies there open is wrapped once there is a wrap.
 * @param of what the key is for; a wrapped key opens for nothing else
 * @throws Unavailable when others can read or write the file, it holds no key, or the key cannot be unwrapped
 */
export async function openKey(path: string, of: string, wrap: KeyWrap | null): Promise<Buffer> {
  let text: string;
  try {
    text = readClosed(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    write(path, await textOf(randomBytes(KEY_BYTES), of, wrap), linkSync);
    text = readClosed(path);
  }
  // Also for a key that was there: whoever made it may have been killed before its name was durable.
  syncFolderOf(path);
  if (!OPEN.test(text)) return unwrapped(path, text, of, wrap);
  const key = Buffer.from(text.trim(), "hex");
  if (wrap === null) return key;
  write(path, await textOf(key, of, wrap), renameSync);
  syncFolderOf(path);
  return key;
}

async function unwrapped(path: string, text: string, of: string, wrap: KeyWrap | null): Promise<Buffer> {
  const [, kind, body] = WRAPPED.exec(text) ?? [];
  if (kind === undefined || body === undefined) throw new Unavailable(`The key file ${path} holds no key.`, { hint: "Put it back from the backup. Without it, stored secrets cannot be read." });
  if (wrap?.kind !== kind) throw new Unavailable(`The key in ${path} is encrypted, and ${wrap === null ? "no key" : "another kind of key"} is given to open it.`, { hint: HOW_TO_OPEN[kind] ?? "It was written by another version of Corduroy." });
  const key = await wrap.unwrap(body, of);
  if (key.length !== KEY_BYTES) throw new Unavailable(`The key file ${path} holds no key.`, { hint: "Put it back from the backup." });
  return key;
}

const HOW_TO_OPEN: Record<string, string | undefined> = {
  env: "Set CORDUROY_KEY to the key that it was encrypted with.",
  kms: "Set CORDUROY_KMS_KEY to the ARN of the KMS key that it was encrypted with.",
};

async function textOf(key: Buffer, of: string, wrap: KeyWrap | null): Promise<string> {
  return wrap === null ? `${key.toString("hex")}\n` : `${wrap.kind}:${await wrap.wrap(key, of)}\n`;
}

function readClosed(path: string): string {
  const file = openSync(path, "r");
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || (stat.mode & 0o077) !== 0) throw new Unavailable(`Others than its owner can use the key file ${path}.`, { hint: `Close it with: chmod 600 ${path}` });
    return readFileSync(file, "latin1");
  } finally {
    closeSync(file);
  }
}

/** @param put gives the whole file its name: `linkSync` where another's must stay, `renameSync` to replace it */
function write(path: string, text: string, put: (from: string, to: string) => void): void {
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  const file = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
    put(temporary, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    closeSync(file);
    rmSync(temporary, { force: true });
  }
}

function syncFolderOf(path: string): void {
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}

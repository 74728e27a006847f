import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Decrypter, Encrypter } from "age-encryption";
import * as z from "zod";
import { Forbidden } from "@corduroy/core/kernel";

/** The database's own password is made anew with the database. */
const NOT_KEPT = new Set(["postgres"]);
const Keys = z.record(z.string().regex(/^[a-z0-9][a-z0-9._-]{0,60}$/), z.base64());

/** All files of the secrets folder in one, encrypted with a passphrase (https://age-encryption.org/v1, scrypt); `age -d` opens it too. */
export async function sealedKeys(folder: string, passphrase: string): Promise<Uint8Array> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((each) => each.isFile() && !NOT_KEPT.has(each.name)).map(({ name }) => name);
  const keys: Record<string, string> = {};
  for (const name of names.sort()) keys[name] = (await readFile(join(folder, name))).toString("base64");
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return encrypter.encrypt(JSON.stringify(keys));
}

/** Keys that were opened, to be written once everything else is in place. */
export type OpenedKeys = ReadonlyMap<string, Buffer>;

/** @throws Forbidden for another passphrase, or a file that is damaged */
export async function openedKeys(sealed: Uint8Array, passphrase: string): Promise<OpenedKeys> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    const keys = Keys.parse(JSON.parse(await decrypter.decrypt(sealed, "text")));
    return new Map(Object.entries(keys).map(([name, content]) => [name, Buffer.from(content, "base64")]));
  } catch {
    throw new Forbidden("The passphrase does not open the keys of this backup.", { hint: "Give the passphrase the backup was made with in CORDUROY_BACKUP_PASSPHRASE." });
  }
}

/** Puts keys into the secrets folder, for their owner alone. */
export async function writeKeys(folder: string, keys: OpenedKeys): Promise<void> {
  for (const [name, content] of keys) await writeFile(join(folder, name), content, { mode: 0o600, flag: "wx", flush: true });
}

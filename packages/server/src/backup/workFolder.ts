import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isLocked, takeLock } from "@corduroy/core/lake";

/** Folders of backups; up to 0.1.0 their names ended in six letters. */
const NAME = /^backup-[A-Za-z0-9-]+$/;

/**
 * Makes a folder for a backup's files, which is gone when `run` has ended. What backups left that were killed is removed before: their dumps may be what fills the disk.
 * @param work a folder of the data folder; made if missing
 */
export async function inWorkFolder<T>(work: string, run: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(work, { recursive: true, mode: 0o700 });
  for (const name of await readdir(work)) if (NAME.test(name) && !(await isLocked(lockOf(work, name)))) await removed(work, name);
  const name = `backup-${randomUUID()}`;
  // Before the folder: where there is one, its lock tells whether somebody is at work in it.
  const lock = await takeLock(lockOf(work, name));
  try {
    await mkdir(join(work, name), { mode: 0o700 });
    return await run(join(work, name));
  } finally {
    await lock.release();
    await removed(work, name);
  }
}

async function removed(work: string, name: string): Promise<void> {
  for (const path of [join(work, name), lockOf(work, name)]) await rm(path, { recursive: true, force: true });
}

function lockOf(work: string, name: string): string {
  return join(work, `${name}.lock`);
}

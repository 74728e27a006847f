import { chmod, chown } from "node:fs/promises";

/** A user that nobody else is, as whom queries run when we are root: the embedded PostgreSQL runs as `nobody`, and what one may read the other may not. */
export const READER = 65_533;

/**
 * Lets nobody pass into a folder but root and the user of queries. Started by another user, the data folder around it is closed already.
 * In a container where that number stands for no user the folder stays open to all of its users.
 */
export async function closeToOthers(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  try {
    await chown(folder, 0, READER);
  } catch {
    return;
  }
  await chmod(folder, 0o750);
}

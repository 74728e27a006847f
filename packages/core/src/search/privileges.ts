import { chownSync, closeSync, openSync } from "node:fs";

/** `nobody`: owns nothing. */
const NOBODY = 65_534;

/**
 * Becomes a user without rights, when started as root.
 *
 * Stays root when that user cannot reach the files: a lake that only root may read would otherwise not be searchable by root at all, and
 * the checks of the statement and the locked engine hold for root too. This is the outermost wall, not the only one.
 * @param files all that must be readable afterwards.
 * @param temporary the folder that must be writable afterwards.
 */
export function dropPrivileges(files: readonly string[], temporary: string): void {
  if (process.platform === "win32" || process.getuid?.() !== 0) return;
  chownSync(temporary, NOBODY, NOBODY);
  become("effective", NOBODY);
  const reachable = [temporary, ...files].every(canRead);
  become("effective", 0);
  if (!reachable) return;
  become("for good", NOBODY);
}

function become(how: "effective" | "for good", user: number): void {
  // The user goes last on the way down and first on the way up: only root may change the group.
  if (how === "effective") {
    if (user === 0) process.seteuid?.(user);
    process.setegid?.(user);
    if (user !== 0) process.seteuid?.(user);
  } else {
    process.setgroups?.([user]);
    process.setgid?.(user);
    process.setuid?.(user);
  }
}

/** `access` would ask for the real user; opening asks for the effective one. */
function canRead(file: string): boolean {
  try {
    closeSync(openSync(file, "r"));
    return true;
  } catch {
    return false;
  }
}

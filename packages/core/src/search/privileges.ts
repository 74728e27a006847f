import { chownSync, closeSync, openSync } from "node:fs";
import { Unavailable } from "../kernel/index.ts";
import { READER } from "../lake/index.ts";

/** For containers in which the other number stands for no user. */
const NOBODY = 65_534;

/**
 * Becomes a user without rights, when started as root.
 *
 * @param files all that must be readable afterwards.
 * @param temporary the folder that must be writable afterwards.
 * @param mayStayRoot go on as root where that user cannot reach the files: a lake that only root may read would otherwise not be searchable by
 *   root at all, and the checks of the statement and the locked engine hold for root too.
 * @throws Unavailable if the files cannot be reached and it may not stay root
 */
export function dropPrivileges(files: readonly string[], temporary: string, mayStayRoot: boolean): void {
  if (process.platform === "win32" || process.getuid?.() !== 0) return;
  const user = becomeForNow(temporary);
  const reachable = [temporary, ...files].every(canRead);
  become("effective", 0);
  if (reachable) become("for good", user);
  else if (!mayStayRoot) {
    throw new Unavailable("The lake cannot be read by the user without rights as whom queries run.", { hint: `Let user ${READER} read the folder of the lake, and pass through the folders above it.` });
  }
}

/** @returns the user */
function becomeForNow(temporary: string): number {
  const attempt = (user: number): number => {
    chownSync(temporary, user, user);
    become("effective", user);
    return user;
  };
  try {
    return attempt(READER);
  } catch {
    become("effective", 0);
    return attempt(NOBODY);
  }
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

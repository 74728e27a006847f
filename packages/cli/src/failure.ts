import { CorduroyError, visible } from "@corduroy/core/kernel";

/** An error in words for a person: what is wrong, and what to do. Only the unexpected shows where it came from. */
export function tell(error: unknown): string {
  if (error instanceof CorduroyError) return `corduroy: ${visible(error.message)}\n${error.hint ? `  ${visible(error.hint)}\n` : ""}`;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (code && path && syscall) return `corduroy: ${visible(path)}: ${visible(reasonOf(code))}\n`;
  return `corduroy: ${visible(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`;
}

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  EACCES: "this user may not do that",
  EPERM: "this user may not do that",
  ENOSPC: "there is no space left",
  EROFS: "the file system is read-only",
  EISDIR: "it is a folder, not a file",
  ENOTDIR: "a part of the path is not a folder",
};

function reasonOf(code: string): string {
  return REASONS[code] ?? `it failed with ${code}`;
}

import { closeSync, fsyncSync, openSync } from "node:fs";

/** Brings the content of a file, or the names in a folder, to the disk. Windows cannot sync folders, and needs it not. */
export function syncPath(path: string): void {
  if (process.platform === "win32") return;
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

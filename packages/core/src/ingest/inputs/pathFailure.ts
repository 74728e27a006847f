/** The code of a failed system call (`ENOENT`), or "" where there is none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** What went wrong with a path, and what to do, as a sentence. `what` names the thing: "file", "folder", "link". */
export function pathFailure(error: unknown, what: string): string {
  const code = errorCode(error);
  switch (code) {
    case "ENOENT":
      return `There is no such ${what}. Check the spelling and the folder you are in.`;
    case "EACCES":
    case "EPERM":
      return `You may not read this ${what}. Change its permissions, or run as a user who may read it.`;
    case "ELOOP":
      return "This link leads back to itself. Remove it, or name its target.";
    case "ENAMETOOLONG":
      return "The path is longer than the system allows. Go to a folder further down and name the rest.";
    case "ENOTDIR":
      return "A part of this path is a file, not a folder. Check the spelling.";
    case "EMFILE":
    case "ENFILE":
      return "Too many files are open. Raise the limit (ulimit -n) and try again.";
    case "ERR_INVALID_ARG_VALUE":
      return "The name holds a NUL character, which no path can. Check the spelling.";
    default:
      return `This ${what} cannot be read (${code || "unknown error"}). Check the disk or the mount it lies on.`;
  }
}

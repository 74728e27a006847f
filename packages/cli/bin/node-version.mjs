// Plain old syntax on purpose: this file must parse on a Node far too old for everything after it.

/**
 * Says why this Node cannot run Corduroy, or nothing when it can.
 * @param {string} version as in `process.versions.node`, e.g. "20.19.0"
 * @returns {string | undefined} one line for the user
 */
export function nodeComplaint(version) {
  const parts = version.split(".");
  const major = Number(parts[0]);
  const minor = Number(parts[1]);
  if (major > 20 || (major === 20 && minor >= 19)) return undefined;
  return "Corduroy needs Node 20.19 or newer (24 is best). This is Node " + version + ". Get one from https://nodejs.org/";
}

/** Ends the process with exit code 2 when this Node is too old. */
export function requireNode() {
  const complaint = nodeComplaint(process.versions.node);
  if (complaint === undefined) return;
  process.stderr.write(complaint + "\n");
  process.exit(2);
}

// node tools/ci-smoke.mjs: the README's first command on a fresh copy of the checkout, as a stranger would run it: in a folder with a space in
// its name, from another folder, through a symbolic link, and as an unprivileged user when started as root.
import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const nobody = 65534;
const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
const folder = mkdtempSync(join(tmpdir(), "corduroy smoke "));
const copy = join(folder, "a checkout");

try {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  for (const path of listed.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path), { verbatimSymlinks: true });
  }
  const work = join(folder, "elsewhere");
  mkdirSync(work);
  symlinkSync(join(copy, "corduroy"), join(folder, "link"));
  if (user.uid !== undefined) giveAway(folder, user.uid);

  for (const [program, ...args] of [
    [join(folder, "link"), "demo"],
    ["npx", "--prefix", copy, "corduroy", "--help"],
  ]) {
    const name = [program, ...args].join(" ");
    console.log(`$ ${name}`);
    const env = { PATH: process.env["PATH"], HOME: work, npm_config_cache: join(folder, "npm cache") };
    const result = spawnSync(program ?? "", args, { ...user, cwd: work, env, stdio: ["ignore", "inherit", "inherit"], timeout: 600_000 });
    if (result.error !== undefined) throw result.error;
    if (result.status !== 0) throw new Error(`${name} ended with exit code ${result.status ?? result.signal}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {string} path
 * @param {number} id the new owner
 */
function giveAway(path, id) {
  chownSync(path, id, id);
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) chownSync(join(entry.parentPath, entry.name), id, id);
  }
}

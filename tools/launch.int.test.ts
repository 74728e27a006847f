import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nodeComplaint } from "../packages/cli/bin/node-version.mjs";
import { freshBundle } from "./bundle.mjs";

const checkout = fileURLToPath(new URL("..", import.meta.url));
const copied = ["corduroy", "package-lock.json", "packages/cli/bin", "tools/corduroy.mjs", "tools/dependencies.mjs", "tools/bundle.mjs", "tools/doors.mjs", "tools/web.mjs", "tools/freshness.mjs"];

/** A checkout in a folder with a space in its name, whose program repeats its arguments and stdin. */
let root = "";
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), "launch-")), "a checkout");
  for (const path of copied) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(checkout, path), join(root, path), { recursive: true });
  }
  symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
  mkdirSync(join(root, "packages/cli/src"));
  writeFileSync(
    join(root, "packages/cli/src/main.ts"),
    'import { readFileSync } from "node:fs";\nconsole.log(JSON.stringify(process.argv.slice(2)) + readFileSync(0, "utf8"));\nprocess.exitCode = 7;\n',
  );
});
afterEach(() => {
  chmodSync(join(root, "packages/cli"), 0o755);
  rmSync(dirname(root), { recursive: true, force: true });
});

function run(program: string, args: string[], options: { cwd?: string; unprivileged?: boolean } = {}): SpawnSyncReturns<string> {
  const nobody = options.unprivileged === true && process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  return spawnSync(program, args, { encoding: "utf8", input: "hello", cwd: options.cwd ?? tmpdir(), ...nobody });
}

/** A folder with the two programs that the script needs besides the shell's own. */
function onlyShellTools(): string {
  const folder = join(root, "..", "tools");
  mkdirSync(folder);
  for (const name of ["dirname", "readlink"]) {
    const path = spawnSync("/bin/sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
    symlinkSync(path, join(folder, name));
  }
  return folder;
}

const bin = (): string => join(root, "packages/cli/bin/corduroy.mjs");

/** Anyone may read the checkout, and nobody may build in it. */
function makeReadOnly(): void {
  chmodSync(dirname(root), 0o755);
  chmodSync(join(root, "packages/cli"), 0o555);
}

describe("./corduroy", () => {
  it("builds, and hands on arguments, stdin and the exit code; nothing else is on stdout", () => {
    const { stdout, status } = run(join(root, "corduroy"), ["scan", "a b", "--x=$HOME *", ""]);
    expect(stdout).toBe('["scan","a b","--x=$HOME *",""]hello\n');
    expect(status).toBe(7);
  });

  it("works through symbolic links, absolute and relative, from any folder", () => {
    symlinkSync(join(root, "corduroy"), join(root, "..", "first"));
    symlinkSync("first", join(root, "..", "second"));
    expect(run("./second", ["x"], { cwd: dirname(root) }).stdout).toBe('["x"]hello\n');
  });

  it("says what is missing when there is no Node on the PATH", () => {
    const { stderr, status } = spawnSync("/bin/sh", [join(root, "corduroy")], { encoding: "utf8", env: { PATH: onlyShellTools() } });
    expect(stderr).toContain("Node 20.19 or newer is needed");
    expect(status).toBe(2);
  });

  it("ends with 2, not with the 1 that means findings, when the program fails at start", () => {
    writeFileSync(join(root, "packages/cli/src/main.ts"), 'throw new Error("no such luck");\n');
    const { stderr, status } = run(join(root, "corduroy"), []);
    expect(stderr).toContain("corduroy: Error: no such luck");
    expect(status).toBe(2);
  });

  it("explains a failed installation in one message", () => {
    rmSync(join(root, "node_modules"));
    const { stderr, status, stdout } = run(join(root, "corduroy"), ["x"]); // there is no package.json, so npm refuses
    expect(stderr).toContain('corduroy: "npm ci" failed');
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("the program in a checkout that cannot be written", () => {
  it("runs when its bundle is fresh", async () => {
    await freshBundle(root);
    makeReadOnly();
    expect(run(process.execPath, [bin(), "x"], { unprivileged: true }).stdout).toBe('["x"]hello\n');
  });

  it("says what to do when its bundle is stale", async () => {
    await freshBundle(root);
    writeFileSync(join(root, "packages/cli/src/main.ts"), 'console.log("changed");\n');
    makeReadOnly();
    const { stderr, status } = run(process.execPath, [bin(), "x"], { unprivileged: true });
    expect(stderr).toContain('Run "npm run build" as the owner.');
    expect(status).toBe(2);
  });
});

describe("the version of Node", () => {
  it.each(["20.19.0", "20.20.2", "21.0.0", "22.1.0", "24.21.0", "100.0.0"])("%s is new enough", (version) => {
    expect(nodeComplaint(version)).toBeUndefined();
  });
  it.each(["0.12.1", "9.20.0", "18.20.4", "20.9.0", "20.18.3"])("%s is too old, and the user is told", (version) => {
    expect(nodeComplaint(version)).toContain(`This is Node ${version}`);
  });
});

import { spawnSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listInputs, openObject, type ObjectRef, type Skipped, type Unreadable } from "./index.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "corduroy-inputs-")));
  chmodSync(root, 0o755);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(...paths: (string | Buffer)[]): void {
  for (const path of paths) {
    const full = typeof path === "string" ? join(root, path) : Buffer.concat([Buffer.from(`${root}/`), path]);
    if (typeof full === "string") mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, "{}\n");
  }
}

interface Listing {
  files: string[];
  unreadable: Unreadable[];
  skipped: Skipped[];
}

const short = (path: string): string => path.replaceAll(`${root}/`, "");

/** Lists inputs given below the test's folder; `files` and locations are shortened to paths below it. */
async function list(inputs: string[], since?: Date): Promise<Listing> {
  const result: Listing = { files: [], unreadable: [], skipped: [] };
  for await (const item of listInputs(inputs.map((input) => join(root, input)), { since })) {
    if ("kind" in item) result.files.push(short(item.location));
    else if ("skipped" in item) result.skipped.push({ ...item, reason: short(item.reason) });
    else result.unreadable.push({ location: short(item.location), reason: item.reason });
  }
  return result;
}

async function first(input: string): Promise<ObjectRef> {
  for await (const item of listInputs([input])) if ("kind" in item) return item;
  throw new Error("nothing listed");
}

/** Runs as the user nobody where the test runs as root, whom no permission stops. */
async function unprivileged<T>(run: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}

describe("a folder", () => {
  it("gives its logs depth first, in byte order, with the names as given", async () => {
    write("b.json", "a/z.json.gz", "a/b/c.ndjson", "Z.log", "é.json", "\u{FF5E}.json", "\u{1F4A5}.json", "plain");
    expect((await list(["."])).files).toEqual(["Z.log", "a/b/c.ndjson", "a/z.json.gz", "b.json", "plain", "é.json", "\u{FF5E}.json", "\u{1F4A5}.json"]);
    const before = process.cwd();
    process.chdir(root);
    try {
      expect((await first("./a/")).location).toBe("./a/b/c.ndjson");
    } finally {
      process.chdir(before);
    }
  });

  it("tells size and time of change", async () => {
    write("a.json");
    utimesSync(join(root, "a.json"), 1_700_000_000.5, 1_700_000_000.5);
    expect(await first(root)).toEqual({ kind: "file", location: join(root, "a.json"), size: 3, modified: 1_700_000_000_500 });
  });

  it("counts what it leaves out, by reason and with examples", async () => {
    write("a.json", "1.png", "2.png", "3.png", "4.png", ".hidden/x.json", ".DS_Store", "AWSLogs/1/CloudTrail-Digest/r/d.json.gz");
    const { files, skipped } = await list(["."]);
    expect(files).toEqual(["a.json"]);
    expect(skipped.map(({ skipped, reason }) => [skipped, reason.slice(reason.lastIndexOf("("))])).toEqual([
      [2, "(.DS_Store, .hidden)"],
      [4, "(1.png, 2.png, 3.png, …)"],
      [1, "(AWSLogs/1/CloudTrail-Digest)"],
    ]);
    expect((await list(["AWSLogs/1/CloudTrail-Digest/r/d.json.gz"])).files).toEqual([]);
  });

  it("says when it is empty, also when it holds empty folders only", async () => {
    mkdirSync(join(root, "a/b"), { recursive: true });
    expect((await list(["a"])).unreadable).toEqual([{ location: "a", reason: expect.stringContaining("The folder is empty") }]);
  });

  it("follows links once and never in circles", async () => {
    write("real/x.json", "elsewhere/y.json");
    symlinkSync("..", join(root, "real/up"));
    symlinkSync("../elsewhere", join(root, "real/over"));
    symlinkSync("x.json", join(root, "real/also-x.json"));
    symlinkSync("gone.json", join(root, "real/dangling.json"));
    symlinkSync("self.json", join(root, "real/self.json"));
    const { files, unreadable } = await list(["real"]);
    expect(files).toEqual(["real/over/y.json", "real/x.json"]);
    expect(unreadable).toEqual([
      { location: "real/dangling.json", reason: expect.stringContaining("points to nothing") },
      { location: "real/self.json", reason: expect.stringContaining("leads back to itself") },
    ]);
  });

  it("reads hard links each by its name", async () => {
    write("a.json");
    linkSync(join(root, "a.json"), join(root, "b.json"));
    expect((await list(["."])).files).toEqual(["a.json", "b.json"]);
  });

  it("leaves pipes and sockets alone", async () => {
    write("a.json");
    spawnSync("mkfifo", [join(root, "pipe.json")]);
    const server = createServer().listen(join(root, "socket.json"));
    await new Promise((resolve) => server.once("listening", resolve));
    const { files, skipped } = await list(["."]);
    server.close();
    expect(files).toEqual(["a.json"]);
    expect(skipped.map(({ reason }) => reason)).toEqual(["Not read: this is a named pipe, not a file (pipe.json)", "Not read: this is a socket, not a file (socket.json)"]);
  });

  it("names folders that may not be read, and goes on", async () => {
    write("b/x.json", "c.json");
    chmodSync(join(root, "b"), 0);
    const { files, unreadable } = await unprivileged(() => list(["."]));
    chmodSync(join(root, "b"), 0o755);
    expect(files).toEqual(["c.json"]);
    expect(unreadable).toEqual([{ location: "b", reason: expect.stringContaining("You may not read this folder") }]);
  });

  it.runIf(process.platform === "linux")("copes with any bytes in names", async () => {
    write("new\nline.json", "bell\u0007.json", "\u001B[31mred.json", "\u{FFFD}.json", Buffer.from("bad-\xFF.json", "latin1"));
    const { files, unreadable } = await list(["."]);
    expect(files).toEqual(["\u001B[31mred.json", "bell\u0007.json", "new\nline.json", "\u{FFFD}.json"]);
    expect(unreadable).toEqual([{ location: "bad-\u{FFFD}.json", reason: "The file's name is not valid UTF-8. Rename it." }]);
  });
});

describe("named by itself", () => {
  it("reads a file whatever its name", async () => {
    write("photo.png", ".hidden");
    expect((await list(["photo.png", ".hidden"])).files).toEqual(["photo.png", ".hidden"]);
  });

  it("says what is wrong with each bad name, and reads the others", async () => {
    write("a.json");
    const items: (ObjectRef | Unreadable)[] = [];
    const inputs = ["", "/no/such", "nul\0byte", join(root, "a.json/b"), `${root}/${"x".repeat(300)}`, "https://x/y", "/dev/null", "/no/such/*.json", join(root, "a.json")];
    for await (const item of listInputs(inputs)) items.push(item);
    expect(items.map((item) => ("kind" in item ? item.kind : item.reason))).toEqual([
      expect.stringContaining("An empty name"),
      expect.stringContaining("no such file or folder"),
      expect.stringContaining("NUL character"),
      expect.stringContaining("is a file, not a folder"),
      expect.stringContaining("longer than the system allows"),
      expect.stringContaining("Only s3://"),
      expect.stringContaining("This is a device"),
      expect.stringContaining("Nothing matches this pattern"),
      "file",
    ]);
  });

  it("reads a named pipe to its end", async () => {
    const path = join(root, "pipe");
    spawnSync("mkfifo", [path]);
    const ref = await first(path);
    expect(ref).toMatchObject({ kind: "file", size: 0 });
    const opening = openObject(ref);
    spawnSync("sh", ["-c", 'printf hello > "$0" &', path], { stdio: "ignore" });
    expect(await text(await opening)).toBe("hello");
  });

  it("gives standard input once", async () => {
    const items: unknown[] = [];
    for await (const item of listInputs(["-", "/dev/stdin", "-"])) items.push(item);
    expect(items).toEqual([{ kind: "stdin", location: "stdin", size: null }]);
    expect(await openObject({ kind: "stdin", location: "stdin", size: null })).toBe(process.stdin);
  });
});

describe("overlaps", () => {
  it("lists a file once, whichever way it was reached before", async () => {
    write("a/x.json", "a/y.json", "a/photo.png");
    symlinkSync("a", join(root, "link"));
    expect((await list(["a", "a/x.json", "link", ".", "a/*.json", "a"])).files).toEqual(["a/x.json", "a/y.json"]);
    expect((await list(["a/y.json", "link/y.json", "a"])).files).toEqual(["a/y.json", "a/x.json"]);
    expect((await list(["a", "a/photo.png", "link/photo.png"])).files).toEqual(["a/x.json", "a/y.json", "a/photo.png"]);
  });
});

describe("a pattern", () => {
  it("matches files whatever their extension, and folders, which are walked", async () => {
    write("2026/10/a.json", "2026/11/b.json", "2026/11/c.png", "2026/11/.h.json", "2026/d.png");
    expect((await list(["2026/*/*"])).files).toEqual(["2026/10/a.json", "2026/11/b.json", "2026/11/c.png"]);
    expect((await list(["2026/1{0,1}"])).files).toEqual(["2026/10/a.json", "2026/11/b.json"]);
    expect((await list(["**/*.json"])).files).toEqual(["2026/10/a.json", "2026/11/b.json"]);
  });

  it("gives way to a path of that very name", async () => {
    write("[1].json", "1.json");
    expect((await list(["[1].json"])).files).toEqual(["[1].json"]);
    expect((await list(["[12].json"])).files).toEqual(["1.json"]);
  });

  it("survives links in circles and folders that may not be read", async () => {
    write("a/x.json", "locked/y.json");
    symlinkSync("..", join(root, "a/up"));
    chmodSync(join(root, "locked"), 0);
    const { files, unreadable } = await unprivileged(() => list(["**/*.json"]));
    chmodSync(join(root, "locked"), 0o755);
    expect(files).toEqual(["a/x.json"]);
    expect(unreadable).toContainEqual({ location: "locked/", reason: expect.stringContaining("You may not read this folder") });
  });
});

describe("since", () => {
  const since = new Date("2026-11-14T12:00:00Z");

  it("leaves out what was last changed before", async () => {
    write("old.json", "new.json");
    utimesSync(join(root, "old.json"), since, new Date(since.getTime() - 1));
    utimesSync(join(root, "new.json"), since, since);
    const { files, skipped } = await list(["."], since);
    expect(files).toEqual(["new.json"]);
    expect(skipped).toEqual([{ location: expect.anything(), skipped: 1, reason: "Not read: last changed before 2026-11-14T12:00:00.000Z (old.json)" }]);
  });

  it("does not enter day folders of AWSLogs that ended before, even where copying has made the files look new", async () => {
    const region = "AWSLogs/123456789012/CloudTrail/us-east-1";
    write(`${region}/2025/12/31/a.json`, `${region}/2026/10/31/b.json`, `${region}/2026/11/12/c.json`, `${region}/2026/11/13/d.json`, `${region}/2026/11/14/e.json`);
    const { files, skipped } = await list(["AWSLogs"], since);
    expect(files).toEqual([`${region}/2026/11/13/d.json`, `${region}/2026/11/14/e.json`]);
    expect(skipped[0]).toMatchObject({ skipped: 3, reason: expect.stringContaining(`(${region}/2025, ${region}/2026/10, ${region}/2026/11/12)`) });
  });
});

describe("openObject", () => {
  it("gives the bytes as stored", async () => {
    writeFileSync(join(root, "a.json.gz"), Buffer.from([0x1f, 0x8b, 0xff]));
    const ref = await first(root);
    const stream = await openObject(ref);
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(Buffer.from([0x1f, 0x8b, 0xff]));
  });

  it("says what is wrong with a file that has gone or is locked since", async () => {
    write("a.json");
    truncateSync(join(root, "a.json"));
    const ref = await first(root);
    chmodSync(join(root, "a.json"), 0);
    await unprivileged(() => expect(openObject(ref)).rejects.toThrow("You may not read this file"));
    rmSync(join(root, "a.json"));
    await expect(openObject(ref)).rejects.toThrow("no such file");
  });
});

async function text(stream: AsyncIterable<unknown>): Promise<string> {
  let whole = "";
  for await (const chunk of stream) whole += String(chunk);
  return whole;
}

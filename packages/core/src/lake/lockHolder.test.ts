import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasEnded, thisProcess, type Holder, type Process } from "./lockHolder.ts";
import { answers, listenIn } from "./lockSocket.ts";
import { temporaryFolders } from "./test/temporary-folder.ts";

const newFolder = temporaryFolders();
const here: Process = { pid: 1, start: "100", boot: "this boot", place: "box-2 pid:[2]", local: true };
const holder = (change: Partial<Holder>): Holder => ({ ...here, place: "box-1 pid:[1]", socket: null, token: "", since: "", released: false, ...change });

describe("a holder in another container", () => {
  it.each([
    ["of another boot, on a disk of this machine", { boot: "an earlier boot" }, {}, true],
    ["of another boot, on what may be a network", { boot: "an earlier boot", local: false }, {}, null],
    ["of another boot, on what is a disk only for the holder", { boot: "an earlier boot" }, { local: false }, null],
    ["of another boot, by a version that did not say", { boot: "an earlier boot", local: undefined }, {}, null],
    ["of a boot that nobody knows", { boot: null }, {}, null],
    ["of this boot, without a socket", {}, {}, null],
    ["of this boot, whose socket somebody has removed", { socket: "socket-gone" }, {}, null],
  ] as const)("%s: ended %#", async (_, change, mine, ended) => {
    expect(await hasEnded(holder(change as Partial<Holder>), { ...here, ...mine }, await newFolder())).toBe(ended);
  });

  it("lives while it listens, however long its path, and has ended when it was killed", async () => {
    const folder = await newFolder();
    const program = `require("node:net").createServer().listen(process.argv[1], () => console.log("listens"))`;
    const child = spawn(process.execPath, ["-e", program, join(folder, "socket-a")], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const other = holder({ socket: "socket-a" });
    expect(await hasEnded(other, here, folder)).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await hasEnded(other, here, folder)).toBe(true);
    expect(await hasEnded({ ...other, local: false }, here, folder)).toBeNull();
    const deep = join(folder, "d".repeat(200));
    mkdirSync(deep);
    const socket = await listenIn(deep, "socket-b");
    expect(await answers(deep, "socket-b")).toBe(true);
    await socket!.close();
    expect(readdirSync(deep)).toEqual([]);
  });
});

it("a holder in the same place is told by its process", async () => {
  const folder = await newFolder();
  const me = thisProcess(folder);
  expect(await hasEnded(holder({ ...me }), me, folder)).toBe(false);
  expect(await hasEnded(holder({ ...me, start: "another" }), me, folder)).toBe(true);
  expect(await hasEnded(holder({ ...me, boot: "an earlier boot" }), me, folder)).toBe(true);
});

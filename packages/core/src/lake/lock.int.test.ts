import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { takeLock } from "./lock.ts";
import { thisProcess } from "./lockHolder.ts";
import { bundleProgram } from "./test/bundle.ts";
import { temporaryFolders } from "./test/temporary-folder.ts";

const newFolder = temporaryFolders();

it("of many processes that want the lock, and of which some die with it, one at a time has it", async () => {
  const contender = await bundleProgram(await newFolder(), new URL("test/contender.ts", import.meta.url));
  const folder = await newFolder();
  const contenders = Array.from({ length: 4 }, (_, index) => spawn(process.execPath, [contender, folder, "10", index % 2 === 0 ? "dies" : "no"], { stdio: ["ignore", "inherit", "inherit"] }));
  await Promise.all(contenders.map((child) => once(child, "exit")));
  const turns = (await readFile(join(folder, "turns"), "utf8")).trimEnd().split("\n");
  expect(turns).toHaveLength(4 * 10 * 2);
  for (let index = 0; index < turns.length; index += 2) expect([turns[index], turns[index + 1]]).toEqual([`take ${turns[index]?.slice(5)}`, `leave ${turns[index]?.slice(5)}`]);
  const lock = await takeLock(join(folder, "lock"));
  expect(await lock.isHeld()).toBe(true);
});

it("is taken over from a container that ended with the machine, where the folder is on a disk of its own", async ({ skip }) => {
  const folder = await newFolder();
  const { local } = thisProcess(folder);
  skip(local !== true, "temporary files are on no disk of this machine alone");
  await writeFile(join(folder, "00000001.json"), JSON.stringify({ pid: 1, start: "1", boot: "an earlier boot", place: "another pid:[1]", local, socket: null, token: "", since: "", released: false }));
  await writeFile(join(folder, "socket-left"), "");
  const lock = await takeLock(folder);
  expect(await lock.isHeld()).toBe(true);
  await expect(takeLock(folder)).rejects.toThrow("open for writing in this process already");
  expect((await readdir(folder)).filter((name) => name.startsWith("socket-"))).toHaveLength(1);
  await lock.release();
  expect(await readdir(folder)).toEqual(["00000001.json", "00000002.json"]);
});

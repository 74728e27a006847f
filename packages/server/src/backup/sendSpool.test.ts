import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Unavailable } from "@corduroy/core/kernel";
import type { Depot } from "./depot.ts";
import { folderDepot } from "./folderDepot.ts";
import { objectName } from "./manifest.ts";
import { Sender } from "./sender.ts";
import { sendSpool } from "./sendSpool.ts";

let root: string;
let spool: string;
let temporary: string;
let depot: Depot;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "corduroy-spool-"));
  spool = join(root, "spool");
  temporary = join(root, "temporary");
  for (const folder of [join(spool, "quarantine"), temporary]) mkdirSync(folder, { recursive: true });
  depot = folderDepot(join(root, "place"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Sends the spool, while `meanwhile` happens to it before each step of it. */
const sent = (meanwhile: () => void): ReturnType<typeof sendSpool> => {
  const busy: Depot = {
    ...depot,
    has: (...given) => (meanwhile(), depot.has(...given)),
    put: (...given) => (meanwhile(), depot.put(...given)),
  };
  return sendSpool(new Sender(busy), spool, temporary);
};
const contentOf = ({ digest }: { digest: string }): string => readFileSync(join(root, "place", objectName(digest)), "utf8");

it("sends a segment that grows meanwhile as it was at one moment", async () => {
  writeFileSync(join(spool, "a.seg"), "one");
  writeFileSync(join(spool, "empty.seg"), "");
  const [only, ...others] = await sent(() => appendFileSync(join(spool, "a.seg"), " and more"));
  expect(others).toEqual([]);
  expect(only).toMatchObject({ path: "a.seg", bytes: 3 });
  expect(contentOf(only!)).toBe("one");
  expect(readdirSync(temporary)).toEqual([]);
});

it("finds a segment that is tried again, or put aside, while it looks", async () => {
  for (const [from, to] of [["quarantine/b.seg", "b.seg"], ["b.seg", "quarantine/b.seg"]] as const) {
    writeFileSync(join(spool, "a.seg"), "one");
    writeFileSync(join(spool, from), "two");
    const found = await sent(() => {
      if (readdirSync(join(spool, from, "..")).includes("b.seg")) renameSync(join(spool, from), join(spool, to));
    });
    expect(found.filter(({ path }) => path.endsWith("b.seg")), from).toHaveLength(1);
    expect(contentOf(found.find(({ path }) => path.endsWith("b.seg"))!)).toBe("two");
    rmSync(join(spool, to));
  }
});

it("is not taken by a folder that gets another content than was said", async () => {
  writeFileSync(join(root, "file"), "one");
  const put = depot.put("objects/aa/aa", join(root, "file"), "aa");
  await expect(put).rejects.toThrow(Unavailable);
  expect(readdirSync(join(root, "place/objects/aa"))).toEqual([]);
  expect(readdirSync(join(root, "place"))).toEqual(["objects"]);
});

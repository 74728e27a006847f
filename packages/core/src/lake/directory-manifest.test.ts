import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it, vi } from "vitest";
import { Conflict } from "../kernel/index.ts";
import { openDirectoryManifest } from "./directory-manifest.ts";
import * as durable from "./durable.ts";
import { beginWithFiles, committedBatches, manifestConformance, type OpenedManifest } from "./test/manifest-conformance.ts";
import { temporaryFolders } from "./test/temporary-folder.ts";

const newFolder = temporaryFolders();

async function open(lake: string, isHeld = () => Promise.resolve(true)): Promise<OpenedManifest> {
  const folders = { lake, log: join(lake, "manifest"), intents: join(lake, "manifest", "intents") };
  await mkdir(folders.intents, { recursive: true });
  return {
    manifest: await openDirectoryManifest(folders, isHeld),
    putFile: async (path, content) => {
      await mkdir(dirname(join(lake, path)), { recursive: true });
      await writeFile(join(lake, path), content);
    },
    hasFile: (path) => access(join(lake, path)).then(() => true, () => false),
  };
}

manifestConformance("a directory", async () => {
  const folder = await newFolder();
  return { open: () => open(folder) };
});

it.each(["syncFolder", "removeFiles"] as const)("after a commit that failed in %s, a second try succeeds and does not commit twice", async (step) => {
  const opened = await open(await newFolder());
  const batch = await beginWithFiles(opened);
  const failing = vi.spyOn(durable, step).mockRejectedValueOnce(new Error("disk on fire"));
  await expect(opened.manifest.commit(batch)).rejects.toThrow("disk on fire");
  failing.mockRestore();
  expect(await opened.manifest.committed(batch.id)).toBe(true);
  const other = await beginWithFiles(opened);
  await opened.manifest.commit(other);
  await opened.manifest.commit(batch);
  expect((await committedBatches(opened.manifest)).map(({ id }) => id)).toEqual([batch.id, other.id]);
});

it("a writer that was overtaken in the middle of a commit finds in the log that it came too late", async () => {
  const folder = await newFolder();
  const overtaken = await open(folder, async () => {
    await open(folder);
    return true;
  });
  const batch = await beginWithFiles(overtaken);
  await expect(overtaken.manifest.commit(batch)).rejects.toThrow(Conflict);
  expect(await committedBatches((await open(folder)).manifest)).toEqual([]);
});

it("commits nothing once the lock is lost", async () => {
  let held = true;
  const opened = await open(await newFolder(), () => Promise.resolve(held));
  const batch = await beginWithFiles(opened);
  held = false;
  await expect(opened.manifest.commit(batch)).rejects.toThrow(Conflict);
  expect(await opened.manifest.committed(batch.id)).toBe(false);
});

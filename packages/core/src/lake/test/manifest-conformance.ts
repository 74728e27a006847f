import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Conflict, Invalid } from "../../kernel/index.ts";
import type { Batch, Manifest, Part } from "../manifest.ts";
import { newBatchId, newPartPath } from "../names.ts";

/** A manifest under test, with the files it governs. */
export interface OpenedManifest {
  manifest: Manifest;
  /** Puts a finished part of these bytes at this path. */
  putFile(path: string, content: string): Promise<void>;
  hasFile(path: string): Promise<boolean>;
}

/** A place for one manifest: `open` may be called again after the last one was closed, or dropped as a dead writer drops it. */
export interface ManifestPlace {
  open(): Promise<OpenedManifest>;
}

const NOW = new Date("2026-11-18T09:30:00Z");
const CONTENT = "a tiny part";

/** A part that says it holds `CONTENT`. */
function somePart(path = newPartPath("events", "aws.cloudtrail", "2026-11-18", NOW), content = CONTENT): Part {
  return { kind: "events", path, source: "aws.cloudtrail", day: "2026-11-18", rows: 1, bytes: Buffer.byteLength(content), first: null, last: null };
}

/** A batch of these parts whose counts add up. */
function someBatch(parts: Part[], id = newBatchId(NOW)): Batch {
  const objects = [{ location: `/logs/${id}.json.gz`, version: "v1", bytes: 10, from: 1, to: 2, complete: 2, done: true }];
  return { id, at: NOW.toISOString(), parts, objects, counts: { read: parts.length + 1, stored: parts.length, duplicate: 0, dead: 1 } };
}

/** All committed batches, in order. */
export async function committedBatches(manifest: Manifest): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of manifest.batches()) batches.push(batch);
  return batches;
}

async function idsOf(manifest: Manifest): Promise<string[]> {
  return (await committedBatches(manifest)).map((batch) => batch.id);
}

/** Begins a batch and writes its files. */
export async function beginWithFiles(opened: OpenedManifest, parts = [somePart()]): Promise<Batch> {
  const batch = someBatch(parts);
  await opened.manifest.begin(batch.id, parts.map((part) => part.path));
  for (const part of parts) await opened.putFile(part.path, CONTENT);
  return batch;
}

/** What every implementation of `Manifest` must do. Each test gets a place of its own. */
export function manifestConformance(name: string, newPlace: () => Promise<ManifestPlace>): void {
  describe(`manifest: ${name}`, () => {
    it("shows a committed batch whole, in order, also to the next writer", async () => {
      const place = await newPlace();
      const opened = await place.open();
      const batches = [await beginWithFiles(opened, [somePart(), somePart()]), await beginWithFiles(opened), await beginWithFiles(opened, [])];
      for (const batch of batches) await opened.manifest.commit(batch);
      expect(await committedBatches(opened.manifest)).toEqual(batches);
      await opened.manifest.close();
      const reopened = await place.open();
      expect(await committedBatches(reopened.manifest)).toEqual(batches);
      for (const batch of batches) expect(await reopened.manifest.committed(batch.id)).toBe(true);
      for (const part of batches.flatMap((batch) => batch.parts)) expect(await reopened.hasFile(part.path)).toBe(true);
    });

    it("shows nothing of a begun batch, and the next writer removes its files and no others", async () => {
      const place = await newPlace();
      const opened = await place.open();
      const kept = await beginWithFiles(opened);
      await opened.manifest.commit(kept);
      const left = await beginWithFiles(opened);
      expect(await idsOf(opened.manifest)).toEqual([kept.id]);
      const reopened = await place.open();
      expect(await idsOf(reopened.manifest)).toEqual([kept.id]);
      expect(await reopened.manifest.committed(left.id)).toBe(false);
      expect(await reopened.hasFile(left.parts[0]!.path)).toBe(false);
      expect(await reopened.hasFile(kept.parts[0]!.path)).toBe(true);
    });

    it("never commits what another writer has aborted", async () => {
      const place = await newPlace();
      const first = await place.open();
      const left = await beginWithFiles(first);
      const second = await place.open();
      await first.putFile(left.parts[0]!.path, CONTENT);
      await expect(first.manifest.commit(left)).rejects.toThrow(Conflict);
      expect(await idsOf(second.manifest)).toEqual([]);
    });

    it("aborts: files go, a commit is refused, a second abort does nothing", async () => {
      const opened = await (await newPlace()).open();
      const batch = await beginWithFiles(opened);
      await opened.manifest.abort(batch.id);
      expect(await opened.hasFile(batch.parts[0]!.path)).toBe(false);
      await expect(opened.manifest.commit(batch)).rejects.toThrow(Conflict);
      await opened.manifest.abort(batch.id);
      await opened.manifest.abort(newBatchId(NOW));
      expect(await idsOf(opened.manifest)).toEqual([]);
    });

    it("refuses to abort a committed batch and keeps its files", async () => {
      const opened = await (await newPlace()).open();
      const batch = await beginWithFiles(opened);
      await opened.manifest.commit(batch);
      await expect(opened.manifest.abort(batch.id)).rejects.toThrow(Conflict);
      expect(await opened.hasFile(batch.parts[0]!.path)).toBe(true);
    });

    it("refuses to commit twice, to commit what was not begun, and to begin twice", async () => {
      const opened = await (await newPlace()).open();
      const batch = await beginWithFiles(opened);
      await expect(opened.manifest.begin(batch.id, [])).rejects.toThrow(Conflict);
      await opened.manifest.commit(batch);
      await expect(opened.manifest.commit(batch)).rejects.toThrow(Conflict);
      await expect(opened.manifest.begin(batch.id, [])).rejects.toThrow(Conflict);
      await expect(opened.manifest.commit(someBatch([]))).rejects.toThrow(Conflict);
      expect(await idsOf(opened.manifest)).toEqual([batch.id]);
    });

    it("refuses names that lead elsewhere", async () => {
      const { manifest } = await (await newPlace()).open();
      for (const id of ["", ".", "..", "../x", "a/b", "a\\b", "a\0", ".hidden", "x".repeat(101), "ü"]) await expect(manifest.begin(id, [])).rejects.toThrow(Invalid);
      const paths = ["", "/etc/passwd", "../x.parquet", "events/../../x.parquet", "events/x.parquet", "events/source=../day=2026-11-18/x.parquet", "dead/x.csv", "dead/a\\b.parquet", "dead/x.parquet\n"];
      for (const path of paths) await expect(manifest.begin(newBatchId(NOW), [path])).rejects.toThrow(Invalid);
    });

    it("refuses a batch that would make it lie, and takes the right one afterwards", async () => {
      const opened = await (await newPlace()).open();
      const missing = somePart();
      const parts = [somePart()];
      const batch = someBatch(parts);
      await opened.manifest.begin(batch.id, [...parts.map((part) => part.path), missing.path]);
      for (const part of parts) await opened.putFile(part.path, CONTENT);
      const lies: Partial<Batch>[] = [
        { parts: [...parts, missing] },
        { parts: [...parts, somePart()] },
        { parts: [...parts, ...parts] },
        { parts: parts.map((part) => ({ ...part, bytes: part.bytes + 1 })) },
        { counts: { read: 1, stored: 1, duplicate: 1, dead: 0 } },
      ];
      for (const lie of lies) await expect(opened.manifest.commit({ ...batch, ...lie })).rejects.toThrow(Invalid);
      expect(await idsOf(opened.manifest)).toEqual([]);
      await opened.manifest.commit(batch);
      expect(await committedBatches(opened.manifest)).toEqual([batch]);
    });

    it("removes files that were intended and not committed", async () => {
      const opened = await (await newPlace()).open();
      const batch = await beginWithFiles(opened, [somePart(), somePart()]);
      const [used, unused] = batch.parts as [Part, Part];
      await opened.manifest.commit({ ...batch, parts: [used] });
      expect(await opened.hasFile(used.path)).toBe(true);
      expect(await opened.hasFile(unused.path)).toBe(false);
    });

    it("takes batches side by side, each exactly once", async () => {
      const opened = await (await newPlace()).open();
      const batches = await Promise.all(Array.from({ length: 20 }, () => beginWithFiles(opened)));
      await Promise.all(batches.map((batch, index) => (index % 4 === 3 ? opened.manifest.abort(batch.id) : opened.manifest.commit(batch))));
      const expected = batches.filter((_, index) => index % 4 !== 3).map((batch) => batch.id);
      expect((await idsOf(opened.manifest)).toSorted()).toEqual(expected.toSorted());
    });

    it("agrees with a simple model over any run of steps", { timeout: 300_000 }, async () => {
      const step = fc.record({ does: fc.constantFrom("begin", "commit", "abort", "reopen"), batch: fc.nat({ max: 4 }) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const place = await newPlace();
          let opened = await place.open();
          const batches = Array.from({ length: 5 }, () => someBatch([somePart()]));
          const state: ("new" | "begun" | "committed" | "aborted")[] = batches.map(() => "new");
          const order: string[] = [];
          for (const { does, batch: number } of steps) {
            const batch = batches[number]!;
            const path = batch.parts[0]!.path;
            if (does === "reopen") {
              opened = await place.open();
              for (const [index, was] of state.entries()) if (was === "begun") state[index] = "aborted";
            } else if (does === "begin") {
              if (state[number] !== "new") continue;
              await opened.manifest.begin(batch.id, [path]);
              await opened.putFile(path, CONTENT);
              state[number] = "begun";
            } else if (does === "commit") {
              if (state[number] !== "begun") await expect(opened.manifest.commit(batch)).rejects.toThrow(Conflict);
              else {
                await opened.manifest.commit(batch);
                state[number] = "committed";
                order.push(batch.id);
              }
            } else if (state[number] === "committed") await expect(opened.manifest.abort(batch.id)).rejects.toThrow(Conflict);
            else {
              await opened.manifest.abort(batch.id);
              if (state[number] === "begun") state[number] = "aborted";
            }
            expect(await opened.hasFile(path)).toBe(state[number] === "begun" || state[number] === "committed");
          }
          expect(await idsOf(opened.manifest)).toEqual(order);
        }),
        { numRuns: 60 },
      );
    });
  });
}

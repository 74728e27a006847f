import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { writeEstate } from "./write.ts";

describe("writeEstate", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "estate-"));
  afterAll(() => rm(folder, { recursive: true }));

  it("writes the files it counts, as an independent reader finds them", async () => {
    const progress: number[] = [];
    const written = await writeEstate(folder, { seed: 5, day: "2026-11-18", events: 3000, breach: true, onProgress: (bytes) => progress.push(bytes) });
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    let bytes = 0;
    const ids: string[] = [];
    for (const file of files) {
      const raw = gunzipSync(await readFile(path.join(file.parentPath, file.name)));
      bytes += raw.length;
      const document = JSON.parse(raw.toString()) as { Records: { eventID: string }[] };
      expect(Object.keys(document)).toEqual(["Records"]);
      ids.push(...document.Records.map((record) => record.eventID));
    }
    expect(written).toMatchObject({ files: files.length, events: ids.length, distinct: new Set(ids).size, bytes });
    expect(written.breach?.userName).toBe("ci-legacy-build");
    expect(progress.at(-1)).toBe(bytes);
  });
});

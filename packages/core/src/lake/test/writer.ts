/**
 * A writer to be killed: `node writer.mjs LAKE FIRST COUNT`. Commits COUNT batches numbered from FIRST, aborts every fifth, two at
 * a time, and says so on stdout once each is done. Writes happen in one system call, so that what was said was meant.
 */
import { writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openLake } from "../lake.ts";
import type { Part } from "../manifest.ts";

const [folder = "", first = "1", count = "1"] = process.argv.slice(2);
const lake = await openLake(folder, { create: true });

async function batch(number: number): Promise<void> {
  const id = `batch-${number}`;
  const parts = Array.from({ length: 1 + (number % 3) }, (_, index): Part => {
    const content = contentOf(id, index);
    const day = `2026-11-${String(10 + (number % 3)).padStart(2, "0")}`;
    const path = lake.newPartPath("events", "aws.cloudtrail", day);
    return { kind: "events", path, source: "aws.cloudtrail", day, rows: 1, bytes: content.length, first: null, last: null };
  });
  await lake.manifest.begin(id, parts.map((part) => part.path));
  for (const [index, part] of parts.entries()) {
    const temporary = join(lake.staging, `${id}-${index}`);
    writeFileSync(temporary, contentOf(id, index));
    await lake.finishPart(temporary, part.path);
  }
  if (number % 5 === 4) await lake.manifest.abort(id);
  else {
    const counts = { read: parts.length, stored: parts.length, duplicate: 0, dead: 0 };
    await lake.manifest.commit({ id, at: new Date().toISOString(), parts, objects: [], counts });
    writeSync(1, `${id}\n`);
  }
}

function contentOf(id: string, index: number): string {
  return `${id}/${index} `.repeat(50);
}

const end = Number(first) + Number(count);
for (let number = Number(first); number < end; number += 2) await Promise.all([number, number + 1].filter((n) => n < end).map(batch));
await lake.close();

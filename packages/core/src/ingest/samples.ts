import { closeSync, openSync, readSync, writeSync } from "node:fs";
import type { SampleEvent } from "../findings/index.ts";

/** A sample that lies in the store. */
export interface StoredSample {
  time: string;
  event_uid: string;
  at: number;
  length: number;
}

/** Samples of a run on disk: of the many that come along, few are shown in the end. */
export class SampleStore {
  private readonly file: number;
  private end = 0;

  constructor(path: string) {
    this.file = openSync(path, "wx+", 0o600);
  }

  put(sample: SampleEvent): StoredSample {
    const bytes = Buffer.from(JSON.stringify(sample), "utf8");
    writeSync(this.file, bytes, 0, bytes.length, this.end);
    const stored = { time: sample.time, event_uid: sample.event_uid, at: this.end, length: bytes.length };
    this.end += bytes.length;
    return stored;
  }

  get({ at, length }: StoredSample): SampleEvent {
    const bytes = Buffer.alloc(length);
    readSync(this.file, bytes, 0, length, at);
    return JSON.parse(bytes.toString("utf8")) as SampleEvent;
  }

  close(): void {
    closeSync(this.file);
  }
}

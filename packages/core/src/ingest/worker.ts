import { readFile } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { CorduroyError } from "../kernel/index.ts";
import { Engine, type Merged, type MergeOrder } from "../lake/index.ts";
import { ANY_SOURCE, genericJson, heardFrom, sourceById } from "../sources/index.ts";
import { handlerOf, Intake, newCurrent, type Current } from "./batch/intake.ts";
import { mergeParts } from "./batch/parts.ts";
import type { CheckDuplicates } from "./batch/repeats.ts";
import type { ObjectRef } from "./inputs/index.ts";
import type { FromWorker, KnownVersion, Suspects, ToWorker, WorkerSettings } from "./messages.ts";
import { readLetters, storedHashes } from "./readBack.ts";
import { readMessages } from "./read/readMessages.ts";
import { readBytes, readObject } from "./read/readObject.ts";
import type { Frame, FrameHeader } from "./receipt/frame.ts";
import { messagesIn } from "./receipt/messages.ts";

/** Reads objects one after another. */
class Worker {
  readonly intake: Intake;

  constructor(
    private readonly settings: WorkerSettings,
    private readonly send: (message: FromWorker) => void,
    check: CheckDuplicates,
  ) {
    this.intake = new Intake(settings, send, check);
  }

  /** Reads an object to its end. Whatever goes wrong with it is told, and concerns no other object. */
  async read(ref: ObjectRef, known: readonly KnownVersion[]): Promise<void> {
    const { intake } = this;
    const label = this.settings.source === null ? null : (sourceById(this.settings.source) ?? null);
    const modified = ref.kind === "stdin" ? Date.now() : Math.trunc(ref.modified);
    let current = newCurrent(ref.location, modified, 0, { version: "", bytes: null, skip: 0 }, label);
    const tell = (reason: string): void => this.send({ type: "unreadable", location: ref.location, reason });
    try {
      const read = await readObject(ref, known, {
        opened: (opened) => void (current = newCurrent(ref.location, modified, 0, opened, label)),
        ...handlerOf(() => current, () => intake.take(current)),
        damaged: tell,
      });
      await intake.take(current);
      await intake.close(current, read.complete, true);
    } catch (error) {
      await intake.take(current);
      await intake.close(current, current.last, false);
      tell(error instanceof Error ? error.message : String(error));
    }
    this.send({ type: "read", location: ref.location, bytes: ref.size ?? 0 });
  }

  /**
   * Reads the bodies of a segment and works all of it off.
   * @param bytes how much of the file was received; what a failed write has left behind it was not
   * @returns the headers of its frames
   */
  async readSegment(path: string, bytes: number): Promise<FrameHeader[]> {
    const headers: FrameHeader[] = [];
    // Only a service has segments: a worker of a scan starts without what checks their headers.
    const { decodeFrames } = await import("./receipt/frame.ts");
    for (const frame of decodeFrames((await readFile(path)).subarray(0, bytes))) {
      if ("header" in frame) {
        headers.push(frame.header);
        await this.readFrame(frame);
      } else if (frame.inside) this.send({ type: "unreadable", location: path, reason: `${frame.bytes} bytes in the middle of what was received are damaged.` });
    }
    await this.intake.flush();
    return headers;
  }

  private async readFrame({ header, body }: Frame): Promise<void> {
    const { origin, heard, streamed } = header;
    const label = header.source === ANY_SOURCE ? null : (sourceById(header.source) ?? genericJson);
    if (streamed !== null) {
      let index = 0;
      for (const event of messagesIn(body)) {
        const [no, at] = streamed.events[index++]!;
        await this.readBody(newCurrent(`${streamed.place}/${no}`, at, 0, { version: streamed.version, bytes: event.length, skip: 0 }, label), event, null);
      }
      return;
    }
    const place = heard === null ? `http:${header.id}` : heardFrom(heard.from, header.id);
    const opened = { version: origin?.version ?? header.id, bytes: body.length, skip: 0 };
    await this.readBody(newCurrent(origin?.object ?? place, header.at, origin ? origin.from - 1 : 0, opened, label), body, heard);
  }

  private async readBody(current: Current, body: Buffer, heard: FrameHeader["heard"]): Promise<void> {
    const { intake } = this;
    const handler = handlerOf(() => current, () => intake.take(current));
    let damage: string | null = null;
    try {
      if (heard === null) await readBytes(body, { ...handler, damaged: (reason) => (damage ??= reason) });
      else await readMessages(messagesIn(body), new Map(heard.faults), handler);
    } catch (error) {
      if (!(error instanceof CorduroyError)) throw error;
      damage ??= error.message;
    }
    await intake.take(current);
    await intake.settle(current);
    if (damage === null) return;
    // Nobody else has these bytes any more: what could not be read of the body is kept with the whole of it.
    current.incoming.push({ slice: { buffer: body, start: 0, end: body.length, no: current.last - current.offset + 1 }, reason: damage });
    await intake.take(current);
  }
}

function send(message: FromWorker): void {
  process.send!(message);
}

/** A worker that cannot go on says why and ends; its parent ends the run. */
function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(70);
}

/**
 * Runs a worker process over its IPC channel: the first message starts it, objects are read in the order they come, `flush`
 * works off the rest. It ends with its parent.
 */
export function runWorker(): void {
  // An exit in the middle of a statement waits for DuckDB's thread, which waits for this one: the worker would stay for ever.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  const answers = new Map<string, (seen: Suspects) => void>();
  const check: CheckDuplicates = (batch) =>
    new Promise((resolve) => {
      answers.set(batch.id, resolve);
      send({ type: "check", batch });
    });
  let worker: Worker | null = null;
  let temporary = "";
  let work = Promise.resolve();
  const handle = async (message: ToWorker): Promise<void> => {
    switch (message.type) {
      case "start":
        temporary = message.settings.temporary;
        worker = new Worker(message.settings, send, check);
        return send({ type: "ready" });
      case "object":
        worker!.intake.batch = message.batch;
        return worker!.read(message.ref, message.known);
      case "segment":
        worker!.intake.batch = message.batch;
        return send({ type: "segment", headers: await worker!.readSegment(message.path, message.bytes) });
      case "flush":
        await worker!.intake.flush();
        return send({ type: "flushed" });
      case "hashes":
        return send({ type: "hashes", hashes: await storedHashes(message.files, temporary) });
      case "merge":
        return send({ type: "merged", merged: await merged(message.order, temporary) });
      case "letters":
        return send({ type: "letters", letters: await readLetters(message) });
      case "checked":
    }
  };
  process.on("message", (message: ToWorker) => {
    if (message.type === "checked") {
      const answer = answers.get(message.id);
      answers.delete(message.id);
      answer?.(message.suspects);
    } else work = work.then(() => handle(message)).catch(fail);
  });
}

/** Merging can wait: whatever else runs on the machine goes first. */
async function merged(order: MergeOrder, temporary: string): Promise<Merged> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const engine = await Engine.open(temporary);
  try {
    return await mergeParts(engine, order);
  } finally {
    engine.close();
  }
}

import { setTimeout as wait } from "node:timers/promises";
import { api, client, pathOf, type FindingSummary } from "@corduroy/contract";
import { idOf } from "./bodies.ts";

const PAGE_EVERY_MS = 200;
/** Findings of one rule within a day become one about many at 500 (`findings`): probes stay below. */
const MOST_PROBES = 450;
const PROBE_EVERY_MS = 2_000;
/** Numbers of probes: beyond all that the load uses, and below what a number can hold exactly. */
export const PROBES_FROM = 2 ** 50;

/** What somebody sees who reads findings while events pour in, in milliseconds. */
export interface Seen {
  /** Each load of the first page. */
  pages: number[];
  /** From the receipt of each probe to its finding. */
  probes: number[];
  /** Probes that were received and never became a finding. */
  missing: number;
  sent: number;
}

/**
 * Loads the first page of findings five times a second, and follows their stream; meanwhile it sends probes: `StopLogging` by a user
 * whom nobody knows, which is a finding of its own.
 */
export class Reader {
  readonly seen: Seen = { pages: [], probes: [], missing: 0, sent: 0 };
  private readonly waiting = new Map<string, number>();
  private readonly stopped = new AbortController();
  private readonly loops: Promise<void>[];

  constructor(
    private readonly origin: string,
    private readonly tokens: { events: string; read: string },
    seconds: number,
  ) {
    this.loops = [this.pages(), this.follow(), this.probe(Math.max(PROBE_EVERY_MS, (seconds * 1000) / MOST_PROBES))];
    for (const loop of this.loops) loop.catch(() => undefined);
  }

  /** Sends no more probes, waits for the findings of those that were sent, and ends. */
  async stop(patienceMs: number): Promise<Seen> {
    this.sending = false;
    for (const until = Date.now() + patienceMs; this.waiting.size > 0 && Date.now() < until; ) await wait(50);
    this.stopped.abort();
    await Promise.all(this.loops);
    this.seen.missing = this.waiting.size;
    return this.seen;
  }
  private sending = true;

  private async pages(): Promise<void> {
    const call = client((path, init) => fetch(`${this.origin}${path}`, { ...init, headers: { ...init.headers, Authorization: `Bearer ${this.tokens.read}` } }));
    for (let due = performance.now(); !this.stopped.signal.aborted; due += PAGE_EVERY_MS) {
      const began = performance.now();
      await call(api.findings.list, { query: {} });
      this.seen.pages.push(performance.now() - began);
      // One after another: a page that takes longer than its turn delays the next.
      await wait(Math.max(0, due + PAGE_EVERY_MS - performance.now()));
    }
  }

  private async follow(): Promise<void> {
    const { signal } = this.stopped;
    try {
      const answer = await fetch(`${this.origin}${pathOf(api.findings.live, {})}`, { headers: { Authorization: `Bearer ${this.tokens.read}` }, signal });
      if (!answer.ok || answer.body === null) throw new Error(`the stream of findings was answered with ${answer.status}`);
      let text = "";
      for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
        const lines = (text + piece).split("\n");
        text = lines.pop() ?? "";
        for (const line of lines) if (line.startsWith("data: ")) this.found(JSON.parse(line.slice("data: ".length)) as FindingSummary);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private found({ entity }: FindingSummary): void {
    const received = this.waiting.get(entity.name);
    if (received === undefined) return;
    this.seen.probes.push(performance.now() - received);
    this.waiting.delete(entity.name);
  }

  private async probe(everyMs: number): Promise<void> {
    for (let number = 0; this.sending; number++) {
      const user = `probe-${number}`;
      const record = {
        eventVersion: "1.10", eventTime: new Date().toISOString().replace(/\.\d+/, ""), eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging", awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24",
        userIdentity: { type: "IAMUser", userName: user, accountId: "111122223333", arn: `arn:aws:iam::111122223333:user/${user}`, principalId: "AIDAEXAMPLE" },
        eventID: idOf(PROBES_FROM + number), recipientAccountId: "111122223333", requestParameters: { name: "company" }, responseElements: null,
      };
      const answer = await fetch(`${this.origin}/v1/events/aws.cloudtrail`, { method: "POST", headers: { Authorization: `Bearer ${this.tokens.events}`, "Content-Type": "application/json" }, body: JSON.stringify({ Records: [record] }) });
      await answer.text();
      if (answer.ok) {
        this.seen.sent++;
        this.waiting.set(user, performance.now());
      }
      for (const until = performance.now() + everyMs; this.sending && performance.now() < until; ) await wait(50);
    }
  }
}

import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { testClock, type TestClock } from "@corduroy/testkit";
import { SecretBox } from "../../../../identity/index.ts";
import { outbound, type Outbound } from "../../../../net/index.ts";
import { testDatabase, type TestDatabase } from "../../../../store/test/index.ts";
import type { Ingest } from "../../../service/service.ts";
import { running, settled } from "../../../service/test/running.ts";
import { startCollectors, type Collectors, type CollectorSetup } from "../../startCollectors.ts";
import { allCollectors, type CollectorRow } from "../../store.ts";
import { addPoller } from "../addPoller.ts";
import type { Reach } from "../vendors.ts";

/** Pollers of one test file: a database, a lake, and a clock that a poller's waiting moves. */
export interface Polled {
  database: TestDatabase;
  clock: TestClock;
  box: SecretBox;
  ingest: () => Ingest;
  outbound: () => Outbound;
  troubles: string[];
  /** How long pollers have waited, in seconds. */
  waits: number[];
  /** Adds a collector. */
  add(to: Reach, since?: Date): Promise<string>;
  /** Lets collectors run. Each step of a poller is told before it goes on: `before connection`, `before request`, `after answer`, `before receipt`, `after receipt`. */
  start(step?: (name: string) => Promise<void>, change?: Pick<CollectorSetup, "pageSize">): void;
  stop(): Promise<void>;
  /** Ends it all as a crash does, in the middle of whatever is being read, and begins ingest anew. */
  kill(): Promise<void>;
  /** Ends ingest and begins it anew, as the next run of the service does. */
  restart(): Promise<void>;
  state(): Promise<CollectorRow>;
  /** Resolves once the collector has asked, found nothing more, and waits for what is new. */
  caughtUp(): Promise<void>;
  /**
   * Runs that are killed each at its next step: the first before its first request, the second after the answer to it, and so on, until one is not.
   * @param between what happens after each; it is told which it was
   * @returns how many there were, and at which steps they were killed
   */
  killedEverywhere(between?: (run: number) => void | Promise<void>): Promise<{ runs: number; steps: string[] }>;
  /** Runs until the collector has a problem, and removes it. @returns the problem */
  problem(): Promise<string>;
  /** What is in the lake: records that were stored, and those that were there already. */
  totals(): Promise<{ stored: number; duplicate: number; dead: number }>;
}

/** Lets go what is under way until it holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(setImmediate);
}

/** @param place of the fake vendor, `host:port` */
export function polled(place: () => string[]): Polled {
  const database = testDatabase();
  const lake = running(database);
  const clock = testClock(new Date("2026-11-21T12:00:00Z"));
  const box = new SecretBox(Buffer.alloc(32, 7));
  let ingest: Ingest;
  let collectors: Collectors | null = null;
  const polls = { database, clock, box, troubles: [] as string[], waits: [] as number[] } as Polled;
  const ctx = (): ReturnType<TestDatabase["ctx"]> => ({ ...database.ctx(), now: clock.now });
  polls.ingest = () => ingest;
  polls.outbound = () => outbound({ allow: place(), timeoutMs: 20_000, maxBytes: 16 * 1024 * 1024, now: clock.now });
  polls.add = (to, since) => addPoller(ctx(), { reach: to, since: since ?? null }, box);
  polls.start = (step = async () => undefined, change = {}) => {
    const way = polls.outbound();
    const stepwise: Outbound = {
      ...way,
      request: async (request) => {
        await step("before request");
        const answer = await way.request(request);
        await step("after answer");
        return answer;
      },
      connect: async (...to) => {
        await step("before connection");
        return way.connect(...to);
      },
    };
    const receiver = {
      receive: async (incoming) => {
        await step("before receipt");
        const receipt = await ingest.receiver.receive(incoming);
        await step("after receipt");
        return receipt;
      },
      stream: async (events) => {
        await step("before receipt");
        const receipt = await ingest.receiver.stream(events);
        await step("after receipt");
        return receipt;
      },
    } as Ingest["receiver"];
    const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
      if (signal.aborted) return;
      polls.waits.push(ms / 1_000);
      // What is waited for passes at once; the test goes on in between.
      await new Promise(setImmediate);
      if (!signal.aborted) clock.advance(ms / 1_000);
    };
    const read: Ingest["read"] = async (task) => {
      await step("before reading");
      const unreadable = await ingest.read(task);
      await step("after reading");
      return unreadable;
    };
    collectors = startCollectors(ctx(), { ...change, ingest: { read, receiver }, box, outbound: stepwise, wait, onTrouble: (text) => polls.troubles.push(text) });
  };
  polls.stop = async () => {
    await collectors?.stop();
    collectors = null;
    await settled(ingest);
  };
  polls.kill = async () => {
    await collectors?.stop();
    collectors = null;
    await polls.restart();
  };
  polls.restart = async () => {
    await ingest.close();
    ingest = await lake.start();
  };
  polls.state = async () => (await allCollectors(database.db))[0]!;
  polls.caughtUp = async () => {
    const before = polls.waits.length;
    await until(() => polls.waits.length >= before + 2);
  };
  polls.killedEverywhere = async (between = () => undefined) => {
    const steps = new Set<string>();
    for (let runs = 1; ; runs++) {
      let [seen, dead] = [0, false];
      polls.start((step) => {
        if (!dead && ++seen < runs) return Promise.resolve();
        dead = true;
        steps.add(step);
        return new Promise(() => undefined);
      });
      const before = polls.waits.length;
      await until(() => dead || polls.waits.length > before);
      await polls.stop();
      await between(runs);
      if (!dead) return { runs, steps: [...steps].sort() };
    }
  };
  polls.problem = async () => {
    polls.start();
    await until(async () => (await polls.state()).problem !== null);
    await polls.stop();
    const text = (await polls.state()).problem ?? "";
    await database.pool.query("DELETE FROM collectors");
    return text;
  };
  polls.totals = async () => {
    await settled(ingest);
    const sum = (name: string): string => `coalesce(sum((counts->>'${name}')::int), 0)::int AS ${name}`;
    const { rows } = await database.pool.query<{ stored: number; duplicate: number; dead: number }>(`SELECT ${["stored", "duplicate", "dead"].map(sum).join(", ")} FROM lake_batches`);
    return rows[0]!;
  };
  beforeAll(async () => {
    ingest = await lake.start();
  });
  beforeEach(async () => {
    polls.troubles.length = 0;
    polls.waits.length = 0;
    for (const table of ["lake_batches", "lake_parts", "lake_objects", "collectors"]) await database.pool.query(`DELETE FROM ${table}`);
  });
  afterEach(() => polls.stop());
  afterAll(() => polls.stop());
  return polls;
}

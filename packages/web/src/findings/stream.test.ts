import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { follow } from "./stream.ts";

/** A browser's stream, whose fate the test decides. */
class FakeStream extends EventTarget {
  readonly CLOSED = 2;
  readyState = 0;
  opens(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  /** @param forGood as after an answer that is no stream */
  breaks(forGood: boolean): void {
    this.readyState = forGood ? this.CLOSED : 0;
    this.dispatchEvent(new Event("error"));
  }
  close(): void {
    this.readyState = this.CLOSED;
  }
}

const streams: FakeStream[] = [];
const heard: unknown[] = [];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  streams.length = heard.length = 0;
  const open = (): EventSource => {
    const stream = new FakeStream();
    streams.push(stream);
    return stream as unknown as EventSource;
  };
  stop = follow(open, { onOpen: (missed) => heard.push({ missed }), onLost: (refused) => heard.push({ refused }), onFinding: (data) => heard.push(data) });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

it("says after every break that something may have been missed, and at the beginning not", () => {
  const [stream] = streams as [FakeStream];
  stream.opens();
  stream.dispatchEvent(new MessageEvent("finding", { data: "{}" }));
  stream.breaks(false);
  stream.opens();
  expect(heard).toEqual([{ missed: false }, "{}", { refused: false }, { missed: true }]);
  expect(streams).toHaveLength(1);
});

it("makes a new stream when the browser has given up, after pauses that grow, and from the first one again after a success", () => {
  const refusedAfter = (): number => {
    streams.at(-1)!.breaks(true);
    const [before, count] = [Date.now(), streams.length];
    vi.advanceTimersToNextTimer();
    expect(streams).toHaveLength(count + 1);
    return Date.now() - before;
  };
  expect(Array.from({ length: 7 }, refusedAfter)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  streams.at(-1)!.opens();
  expect(heard.at(-1)).toEqual({ missed: true });
  expect(refusedAfter()).toBe(2_000);
});

it("stops, also in a pause", () => {
  streams[0]!.breaks(true);
  stop();
  vi.runAllTimers();
  expect(streams).toHaveLength(1);
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUR_MS, silenceOf, type Silence } from "./rhythm.ts";

const MINUTE = 60_000;
const DAY = 24 * HOUR_MS;
/** A Monday. */
const MONDAY = Date.UTC(2026, 8, 7);
const at = (day: number, hour: number, minute = 0): number => MONDAY + day * DAY + hour * HOUR_MS + minute * MINUTE;

/** Times at which a source speaks, from a moment on, every so many minutes, where it speaks at all. */
function times(from: number, to: number, everyMinutes: number, speaks: (weekday: number, hour: number) => boolean = () => true): number[] {
  const found: number[] = [];
  for (let time = from; time < to; time += everyMinutes * MINUTE) if (speaks(new Date(time).getUTCDay(), new Date(time).getUTCHours())) found.push(time);
  return found;
}

/** What a source that spoke at these times is told to be at a moment. */
function told(spoken: readonly number[], now: number): Silence["state"] {
  const end = spoken.findIndex((time) => time > now);
  const before = end === -1 ? spoken : spoken.slice(0, end);
  const last = before.at(-1) ?? 0;
  return silenceOf({ hours: new Set(before.map((time) => time - (time % HOUR_MS))), last, arrivals: before.slice(-300) }, now).state;
}

/** For how many minutes a source that spoke at these times and never again may be silent. */
function patience(spoken: readonly number[]): number {
  for (let minutes = 1; minutes < 60 * 24 * 40; minutes += minutes < 600 ? 1 : 60) if (told(spoken, spoken.at(-1)! + minutes * MINUTE) === "quiet") return minutes;
  return Number.POSITIVE_INFINITY;
}

/** When, between two moments, a source that spoke at these times is told to be quiet, though it went on. */
const falseAlarms = (spoken: readonly number[], from: number, to: number, step = 30): number[] => times(from, to, step).filter((now) => told(spoken, now) === "quiet");

const office = (weekday: number, hour: number): boolean => weekday >= 1 && weekday <= 5 && hour >= 8 && hour < 18;

describe("a rhythm made by hand", () => {
  it("every minute, around the clock: tens of minutes", () => expect(patience(times(at(0, 0), at(20, 3, 30), 1))).toBe(20));
  it("every minute, known for three days and at its first weekend", () => expect(patience(times(at(2, 0), at(5, 3, 30), 1))).toBe(20));
  it("every ten minutes: half an hour", () => expect(patience(times(at(0, 0), at(20, 3, 31), 10))).toBe(30));
  it("every hour: some hours", () => expect(patience(times(at(0, 0, 59), at(20, 4), 60))).toBeGreaterThanOrEqual(120));
  it("every hour: and not a day", () => expect(patience(times(at(0, 0, 59), at(20, 4), 60))).toBeLessThan(240));
  it("once a day: after two days it has missed", () => expect(patience(times(at(0, 3), at(30, 4), 24 * 60)) / 60).toBeCloseTo(49, -1));
  it("once a week: after two weeks it has missed", () => expect(patience(times(at(0, 9), at(56, 10), 7 * 24 * 60)) / 60 / 24).toBeCloseTo(14, 0));
  it("working hours: some hours on a Tuesday morning", () => {
    const minutes = patience(times(at(0, 0), at(29, 9), 5, office));
    expect(minutes).toBeGreaterThan(15);
    expect(minutes).toBeLessThan(240);
  });
});

describe("no alarm", () => {
  it("at night or at the weekend about a source of working days, however short it is known", () => {
    for (const weeks of [1, 2, 5]) expect(falseAlarms(times(at(0, 0), at(7 * weeks + 7, 0), 5, office), at(7 * weeks - 4, 0), at(7 * weeks + 7, 0))).toEqual([]);
  });

  it("where other days are working days", () => {
    const sundays = (weekday: number, hour: number): boolean => weekday <= 4 && hour >= 5 && hour < 14;
    expect(falseAlarms(times(at(-1, 0), at(20, 0), 5, sundays), at(2, 0), at(20, 0))).toEqual([]);
  });

  it("about a burst every hour, or every 61 or 125 minutes", () => {
    for (const every of [60, 61, 125]) {
      const spoken = times(at(0, 0, 7), at(10, 0), every).flatMap((time) => Array.from({ length: 30 }, (_, index) => time + index * 1_000));
      expect(falseAlarms(spoken, at(3, 0), at(10, 0), 37)).toEqual([]);
    }
  });

  it("when summer time moves the working day", () => {
    const moved = [...times(at(0, 0), at(28, 0), 5, office), ...times(at(28, 0), at(40, 0), 5, (weekday, hour) => office(weekday, hour + 1))];
    expect(falseAlarms(moved, at(27, 0), at(40, 0))).toEqual([]);
  });

  it("about what is hardly known", () => {
    expect(told([], MONDAY)).toBe("learning");
    expect(told(times(at(0, 0), at(2, 20), 1), at(3, 10))).toBe("learning");
    expect(told([at(0, 9), at(4, 9)], at(60, 0))).toBe("learning");
  });
});

it("one long outage makes nobody deaf", () => {
  const outage = [...times(at(0, 0), at(10, 0), 1), ...times(at(12, 0), at(25, 0), 1)];
  expect(patience(outage)).toBe(20);
  const working = [...times(at(0, 0), at(8, 0), 5, office), ...times(at(11, 0), at(43, 10), 5, office)];
  expect(patience(working)).toBeLessThan(300);
});

it("once quiet it stays quiet for as long as it is silent", () => {
  const rhythms = [times(at(0, 0), at(20, 3), 1), times(at(0, 0), at(29, 9), 5, office), times(at(0, 3), at(30, 4), 24 * 60)];
  for (const spoken of rhythms) {
    const quiet = spoken.at(-1)! + patience(spoken) * MINUTE;
    for (let hours = 3; hours < 24 * 200; hours += 37) expect(told(spoken, quiet + hours * HOUR_MS)).toBe("quiet");
  }
});

const anyHours = fc.array(fc.integer({ min: 0, max: 24 * 40 }), { minLength: 1, maxLength: 400 });
const historyOf = (hours: readonly number[], arrivals: readonly number[] = []) => ({ hours: new Set(hours.map((hour) => MONDAY + hour * HOUR_MS)), last: MONDAY + Math.max(...hours) * HOUR_MS + 30 * MINUTE, arrivals });

describe("whatever the past", () => {
  it("who has just spoken is not quiet", () => {
    fc.assert(fc.property(anyHours, fc.array(fc.integer({ min: 0, max: 24 * 40 * 60 }), { maxLength: 200 }), fc.integer({ min: 0, max: 19 }), (hours, arrivals, minutes) => {
      const history = historyOf(hours, arrivals.map((minute) => MONDAY + minute * MINUTE));
      expect(silenceOf(history, history.last + minutes * MINUTE).state).not.toBe("quiet");
    }));
  });

  it("a silence that comes every day or every week is explained, wherever in it the hours of speech lie", () => {
    fc.assert(fc.property(fc.constantFrom(6, 8, 12, 24, 168), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), fc.integer({ min: 3, max: 8 }), (period, chances, weeks) => {
      const speaks = [...Array.from({ length: period }, () => chances.next().value < 0.3).slice(1), true];
      const hours = Array.from({ length: weeks * 168 }, (_, hour) => hour).filter((hour) => speaks[hour % period]);
      const history = historyOf(hours);
      const next = hours.at(-1)! + 1 + speaks.indexOf(true);
      expect(silenceOf(history, MONDAY + (next + 1) * HOUR_MS - 1).state).not.toBe("quiet");
    }));
  });

  it("the answer is the same in any order of arrivals, and whatever lies before what is remembered", () => {
    fc.assert(fc.property(anyHours, fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 100 }), fc.integer({ min: 0, max: 100_000 }), (hours, arrivals, minutes) => {
      const history = historyOf(hours, arrivals.map((minute) => MONDAY + minute * MINUTE));
      const now = history.last + minutes * MINUTE;
      const other = { ...history, arrivals: [...history.arrivals].reverse(), hours: new Set([MONDAY - 400 * DAY, ...history.hours]) };
      expect(silenceOf(other, now)).toEqual(silenceOf(history, now));
    }));
  });

  it("more silence never makes it speak", () => {
    fc.assert(fc.property(anyHours, fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 500 }), (hours, silent, more) => {
      const history = historyOf(hours);
      if (silenceOf(history, history.last + silent * HOUR_MS).state === "quiet") expect(silenceOf(history, history.last + (silent + more) * HOUR_MS).state).toBe("quiet");
    }));
  });
});

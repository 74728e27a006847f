import { DAY, HOUR, MINUTE } from "./times.ts";

/** The company's life is made in slots of five minutes, the pace at which CloudTrail delivers. */
export const SLOT = 5 * MINUTE;
export const SLOTS_A_DAY = DAY / SLOT;

/** When somebody or something is busy. */
export type Rhythm = "europe" | "america" | "customers" | "machines" | "hourly" | "nightly";

/** A bell of office hours with a dip at noon; hours are UTC. */
function office(hour: number, from: number, to: number): number {
  if (hour < from || hour >= to) return 0.015;
  const noon = Math.abs(hour - (from + 4.5)) < 0.5 ? 0.55 : 1;
  const edge = Math.min(1, (hour - from + 0.5) / 1.5, (to - hour + 0.25) / 1.5);
  return noon * edge;
}

const WEEKEND: Readonly<Record<Rhythm, number>> = { europe: 0.04, america: 0.04, customers: 0.7, machines: 0.95, hourly: 1, nightly: 1 };

const SHAPES: Readonly<Record<Rhythm, (hour: number) => number>> = {
  europe: (hour) => office(hour, 6.5, 16.5),
  america: (hour) => office(hour, 13, 23),
  customers: (hour) => 0.3 + 0.7 * Math.max(0, Math.sin(((hour - 5) / 18) * Math.PI)),
  machines: () => 1,
  hourly: (hour) => (hour % 1 < (SLOT / HOUR) * 0.9 ? 1 : 0.03),
  nightly: (hour) => (hour >= 1 && hour < 3 ? 1 : 0.002),
};

/** How busy the slot that starts at `time` (milliseconds since 1970) is, relative to other slots. */
export function intensity(rhythm: Rhythm, time: number): number {
  const weekday = new Date(time).getUTCDay();
  const day = weekday === 0 || weekday === 6 ? WEEKEND[rhythm] : 1;
  return day * SHAPES[rhythm]((time % DAY) / HOUR);
}

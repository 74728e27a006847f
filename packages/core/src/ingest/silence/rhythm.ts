/** Times are milliseconds since the epoch. */
export interface History {
  /** Beginnings of the UTC hours in which the source has spoken. */
  hours: ReadonlySet<number>;
  /** When it spoke last; in the last of these hours. */
  last: number;
  /** When batches with events of the source came lately, in any order; empty where nobody looked. */
  arrivals: readonly number[];
}

export type Silence =
  /** Too little is known of the source to say anything. */
  | { state: "learning" }
  | { state: "speaking"; since: number }
  /** It has been silent for longer than its rhythm explains. */
  | { state: "quiet"; since: number };

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** So much of its past counts. */
export const REMEMBERED_MS = 8 * WEEK_MS;
/** From its first hour to its last: less says nothing about days and nights. */
const LEAST_KNOWN_MS = 3 * DAY_MS;
/** A source that was tried a few times has none. */
const LEAST_HOURS = 5;
/** A source that has spoken in so many of all hours keeps no working hours, and speaks at its first weekend too. The rest are outages. */
const AROUND_THE_CLOCK = 0.9;
/** A silence may swallow so many hours in which the source would have spoken: more than a change to summer time moves. */
const LEAST_MISSED = 1.5;
/** …and so many times what it has swallowed in the past. */
const BEYOND_PAST = 1.5;
/** No silence of less than this is one: collectors wait, and buckets tell late. */
export const LEAST_SILENCE_MS = 20 * 60_000;
/** So many times as long as its pauses a silence may last. */
const PAUSES = 3;
/** Pauses are known from so many of them on. */
const LEAST_PAUSES = 50;
/** A longer one holds a whole hour, and whether that is usual the hours say. */
const LONGEST_PAUSE_MS = 2 * HOUR_MS;
/** This part of the time may lie in longer pauses than the one that is taken for usual. */
const UNUSUAL = 0.02;

/**
 * Whether the silence of a source at this moment is longer than its own past explains.
 *
 * Each whole hour of the silence counts by how often the source has spoken in that hour of the week (of the day, while it is known for less than two weeks): the sum
 * is how many hours of speech the silence has swallowed, and it is compared with the silences of the past, measured alike; the longest of them is left out, so
 * that one outage makes nobody deaf. A source that never lets an hour pass is looked at more closely, by its pauses.
 */
export function silenceOf(history: History, now: number): Silence {
  const rhythm = new Rhythm(history);
  if (!rhythm.isKnown) return { state: "learning" };
  const since = history.last;
  const isQuiet = rhythm.missed(since, now) >= rhythm.allowance() || isPausingTooLong(rhythm, history, now);
  return { state: isQuiet ? "quiet" : "speaking", since };
}

class Rhythm {
  /** Hours of the past that count, in order. */
  private readonly spoken: readonly number[];
  private readonly first: number;
  private readonly last: number;
  private readonly isAroundTheClock: boolean;

  constructor(private readonly history: Pick<History, "hours" | "last">) {
    this.last = hourOf(history.last);
    this.spoken = [...history.hours].filter((hour) => hour > this.last - REMEMBERED_MS && hour <= this.last).sort((a, b) => a - b);
    this.first = this.spoken[0] ?? this.last;
    this.isAroundTheClock = this.spoken.length >= AROUND_THE_CLOCK * ((this.last - this.first) / HOUR_MS + 1);
  }

  /** Whether there is enough of it to speak of a rhythm. */
  get isKnown(): boolean {
    return this.last - this.first >= LEAST_KNOWN_MS && this.spoken.length >= LEAST_HOURS;
  }

  /** In how many hours the source would have spoken between two moments, by all that is known of it. */
  missed(from: number, to: number): number {
    let sum = 0;
    for (let hour = hourOf(from) + HOUR_MS; hour + HOUR_MS <= to && hour < from + REMEMBERED_MS; hour += HOUR_MS) sum += this.chance(hour);
    return sum;
  }

  /** How many hours of speech a silence may swallow before it is too long. */
  allowance(): number {
    const past = this.spoken.slice(1).map((hour, index) => this.missed(this.spoken[index]!, hour));
    const second = past.sort((a, b) => b - a)[1] ?? 0;
    return Math.max(LEAST_MISSED, BEYOND_PAST * second);
  }

  /** Whether the source lets no hour like this one pass; a single time is forgiven. */
  alwaysSpeaks(hour: number): boolean {
    return this.isAroundTheClock && this.alike(hour).filter((each) => !this.history.hours.has(each)).length <= 1;
  }

  /** How likely the source is to speak in an hour; a little less than its past says, the less the shorter that is. */
  private chance(hour: number): number {
    const week = this.alike(hour, WEEK_MS);
    // Of a day of the week that was never seen, or on which it kept silent at this hour, nothing is expected yet.
    if (week.length < 2 && !(week.length === 1 ? this.history.hours.has(week[0]!) : this.isAroundTheClock)) return 0;
    const alike = this.alike(hour);
    return alike.filter((each) => this.history.hours.has(each)).length / (alike.length + 1);
  }

  /** The hours of the past that an hour is like: of the week where two of them are known, else of the day. */
  private alike(hour: number, step?: number): number[] {
    if (step === undefined) {
      const week = this.alike(hour, WEEK_MS);
      return week.length >= 2 ? week : this.alike(hour, DAY_MS);
    }
    const found: number[] = [];
    // Of a silence of the past the hours after it speak, too.
    for (let each = this.first + ((((hour - this.first) % step) + step) % step); each <= this.last; each += step) if (each !== hour) found.push(each);
    return found;
  }
}

/** For a source that lets no hour around this silence pass: whether it has paused for much longer than it does. An hour on either side is what a change to summer time may move. */
function isPausingTooLong(rhythm: Rhythm, { last, arrivals }: History, now: number): boolean {
  const usual = usualPause(arrivals);
  if (usual === null || now - last < Math.max(LEAST_SILENCE_MS, PAUSES * usual)) return false;
  for (let hour = hourOf(last) - HOUR_MS; hour <= hourOf(now) + HOUR_MS; hour += HOUR_MS) if (!rhythm.alwaysSpeaks(hour)) return false;
  return true;
}

/** The pause that hardly any time lies in longer ones than; null where too few are known. */
function usualPause(arrivals: readonly number[]): number | null {
  const ordered = [...arrivals].sort((a, b) => a - b);
  const pauses = ordered.slice(1).map((at, index) => at - ordered[index]!).filter((pause) => pause <= LONGEST_PAUSE_MS).sort((a, b) => b - a);
  if (pauses.length < LEAST_PAUSES) return null;
  let left = UNUSUAL * pauses.reduce((a, b) => a + b, 0);
  return pauses.find((pause) => (left -= pause) < 0) ?? 0;
}

function hourOf(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}

import { makeBuildUser } from "./actors/build-user.ts";
import { stageBreach, type BreachFacts } from "./breach.ts";
import { makeCast } from "./cast.ts";
import { stageChores } from "./chores.ts";
import { makeCompany, type Account, type Company } from "./company.ts";
import { Delivery, type EstateFile } from "./delivery.ts";
import { Random } from "./random.ts";
import type { MadeRecord } from "./record.ts";
import { intensity, SLOT, SLOTS_A_DAY, type Rhythm } from "./rhythm.ts";
import { Stage } from "./stage.ts";
import { DAY } from "./times.ts";

export interface EstateOptions {
  /** The same seed makes the same company, and with the same options the same bytes. */
  readonly seed: number;
  /** First day, `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** About how many normal events, over all days. */
  readonly events: number;
  /** Whether the build user's key leaks, on the afternoon of the first day. */
  readonly breach: boolean;
  /** Days to spread the events over; 1 when absent. */
  readonly days?: number;
}

/** What the files held, for checking the counts of a reader. */
export interface EstateCounts {
  readonly files: number;
  /** Records in all files. */
  readonly records: number;
  /** Different eventIDs: `records` less those delivered twice. */
  readonly distinct: number;
}

export interface Estate {
  readonly company: Company;
  readonly breach: BreachFacts | null;
  /** Makes the files one after the other in order of delivery; returns the counts at the end. Each call starts afresh. */
  files(): Generator<EstateFile, EstateCounts>;
}

interface Scheduled {
  readonly account: Account;
  readonly time: number;
  readonly record: MadeRecord;
}

/** A made-up company's CloudTrail. Throws RangeError on options that make no sense. */
export function estate(options: EstateOptions): Estate {
  const days = options.days ?? 1;
  const start = Date.parse(`${options.day}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(options.day) || Number.isNaN(start)) throw new RangeError(`not a day: ${options.day}`);
  if (!Number.isInteger(days) || days < 1) throw new RangeError(`not a number of days: ${days}`);
  if (!Number.isFinite(options.events) || options.events < 0) throw new RangeError(`not a number of events: ${options.events}`);
  const company = makeCompany(options.seed);
  const buildUser = makeBuildUser(company, new Random(options.seed, "build user"));
  const scheduled: Scheduled[] = [];
  const schedule = (account: Account, time: number, record: MadeRecord): void => {
    scheduled.push({ account, time, record });
  };
  for (let day = 0; day < days; day++) stageChores(new Stage(company, new Random(options.seed, `chores ${day}`), schedule), start + day * DAY);
  const breach = options.breach ? stageBreach(new Stage(company, new Random(options.seed, "breach"), schedule), buildUser, start) : null;
  scheduled.sort((left, right) => left.time - right.time);

  function* files(): Generator<EstateFile, EstateCounts> {
    const random = new Random(options.seed, "life");
    const delivery = new Delivery(company, new Random(options.seed, "delivery"), Math.max(100, Math.min(25_000, Math.floor(options.events / 12))));
    const stage = new Stage(company, random, (account, time, record) => {
      delivery.take(account, time, record);
    });
    const cast = makeCast(company, buildUser, new Random(options.seed, "cast"), start);
    const pace = paceOf(start, days);
    const shares = cast.reduce((sum, actor) => sum + actor.share, 0);
    // What an actor owes: it acts when it owes a record, and a burst pays for a while ahead. Starting anywhere keeps actors out of step.
    const owed = cast.map((actor) => 1 - random.float() * actor.burst);
    let story = 0;
    let count = 0;
    for (let index = 0; index < days * SLOTS_A_DAY; index++) {
      const slot = start + index * SLOT;
      cast.forEach((actor, position) => {
        let debt = (owed[position] ?? 0) + (options.events * actor.share * intensity(actor.rhythm, slot)) / (shares * pace[actor.rhythm]);
        while (debt >= 1) debt -= actor.act(stage, slot);
        owed[position] = debt;
      });
      for (let next = scheduled[story]; next !== undefined && next.time < slot + SLOT; next = scheduled[++story]) delivery.take(next.account, next.time, next.record, true);
      for (const file of delivery.due(slot + SLOT, index === days * SLOTS_A_DAY - 1)) {
        count += 1;
        yield file;
      }
    }
    return { files: count, records: delivery.records + delivery.redelivered, distinct: delivery.records };
  }

  return { company, breach, files };
}

/** The sum of each rhythm over all slots, so that a share is a share whatever its hours are. */
function paceOf(start: number, days: number): Record<Rhythm, number> {
  const pace: Record<Rhythm, number> = { europe: 0, america: 0, customers: 0, machines: 0, hourly: 0, nightly: 0 };
  for (let index = 0; index < days * SLOTS_A_DAY; index++) {
    for (const rhythm of ["europe", "america", "customers", "machines", "hourly", "nightly"] as const) pace[rhythm] += intensity(rhythm, start + index * SLOT);
  }
  return pace;
}

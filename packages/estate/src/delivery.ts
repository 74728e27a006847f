import type { Account, Company } from "./company.ts";
import type { Random } from "./random.ts";
import type { MadeRecord } from "./record.ts";
import { SLOT } from "./rhythm.ts";
import { fileStamp, HOUR, isoSeconds, MINUTE } from "./times.ts";

/** One object as AWS delivers it; the file holds `{"Records":[…]}` of these texts. */
export interface EstateFile {
  /** Below the bucket, with slashes, ending in `.json.gz`. */
  readonly path: string;
  /** Each one record, compact JSON. */
  readonly records: readonly string[];
}

/** A file never holds more records than this. */
const MOST_RECORDS = 4000;

interface Entry {
  readonly time: number;
  readonly text: string;
}

interface Cell {
  readonly account: Account;
  readonly region: string;
  entries: Entry[];
  /** Records of an earlier file that come once more: delivery is at least once. */
  again: Entry[];
}

/**
 * Sorts records into files by account and region. Busy cells deliver every five minutes, quiet ones wait for up to an hour
 * so that files stay worth opening. Holds what is not delivered yet and nothing else.
 */
export class Delivery {
  readonly #company: Company;
  readonly #random: Random;
  readonly #cells = new Map<string, Cell>();
  readonly #redeliverEvery: number;
  #seen = 0;
  redelivered = 0;
  records = 0;

  /** `redeliverEvery`: one record in so many comes twice. */
  constructor(company: Company, random: Random, redeliverEvery: number) {
    this.#company = company;
    this.#random = random;
    this.#redeliverEvery = redeliverEvery;
  }

  /** Takes a record of the noise, or (with `once`) one that is never delivered twice. */
  take(account: Account, time: number, record: MadeRecord, once = false): void {
    const key = `${account.id}/${record.region}`;
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = { account, region: record.region, entries: [], again: [] };
      this.#cells.set(key, cell);
    }
    const entry = { time, text: record.text };
    cell.entries.push(entry);
    this.records += 1;
    if (!once && ++this.#seen % this.#redeliverEvery === 0) cell.again.push(entry);
  }

  /** The files due at the end of a slot; with `last`, everything that is left. */
  *due(slotEnd: number, last: boolean): Generator<EstateFile> {
    for (const cell of this.#cells.values()) {
      const wait = cell.entries.length >= 40 ? SLOT : cell.entries.length >= 10 ? 15 * MINUTE : HOUR;
      if (cell.entries.length === 0 || (!last && slotEnd % wait !== 0)) continue;
      const entries = cell.entries.sort((left, right) => left.time - right.time);
      const { again } = cell;
      cell.entries = [];
      cell.again = [];
      for (let from = 0; from < entries.length; from += MOST_RECORDS) yield this.#file(cell, slotEnd, entries.slice(from, from + MOST_RECORDS));
      if (again.length === 0) continue;
      this.redelivered += again.length;
      if (last) yield this.#file(cell, slotEnd, again);
      else cell.entries.push(...again);
    }
  }

  #file(cell: Cell, time: number, entries: readonly Entry[]): EstateFile {
    const { id } = cell.account;
    const day = isoSeconds(time).slice(0, 10).replaceAll("-", "/");
    const name = `${id}_CloudTrail_${cell.region}_${fileStamp(time)}_${this.#random.alphanumeric(16)}.json.gz`;
    return { path: `AWSLogs/${this.#company.organizationId}/${id}/CloudTrail/${cell.region}/${day}/${name}`, records: entries.map((entry) => entry.text) };
  }
}

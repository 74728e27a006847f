import type { Account, Company } from "./company.ts";
import type { Random } from "./random.ts";
import { FILLERS, PLACEHOLDER_NUMBERS } from "./placeholders.ts";

/** Where and when the next record happens, and the values its templates have taken so far. */
export class Scene {
  account: Account;
  region: string;
  /** Milliseconds since 1970. */
  time: number;
  readonly company: Company;
  readonly random: Random;
  readonly #values: (string | undefined)[] = FILLERS.map(() => undefined);

  constructor(company: Company, random: Random, account: Account, time: number) {
    this.company = company;
    this.random = random;
    this.account = account;
    this.region = account.regions[0] ?? "us-east-1";
    this.time = time;
  }

  /** Sets the stage for one record and forgets the values of the last one. */
  begin(account: Account, region: string, time: number): void {
    this.account = account;
    this.region = region;
    this.time = time;
    this.#values.fill(undefined);
  }

  /** The value of a placeholder, made on first use in this record. */
  value(placeholder: number): string {
    const known = this.#values[placeholder];
    if (known !== undefined) return known;
    const made = FILLERS[placeholder]?.(this) ?? "";
    this.#values[placeholder] = made;
    return made;
  }

  /** Fixes a placeholder's value for this record, where a story needs a certain one. */
  fix(name: string, value: string): void {
    const placeholder = PLACEHOLDER_NUMBERS.get(name);
    if (placeholder === undefined) throw new RangeError(`no such placeholder: ${name}`);
    this.#values[placeholder] = value;
  }
}

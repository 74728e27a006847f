import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DuckDBTimestampValue } from "@duckdb/node-api";
import { Matcher, planRules, quote, rulesOf } from "../../detect/index.ts";
import { Engine, newBatchId } from "../../lake/index.ts";
import { contentsOf, parseRecord, recogniseLine, type Contents, type SourceDefinition } from "../../sources/index.ts";
import type { BatchResult, DeadLetter, WorkerSettings, WrittenPart } from "../messages.ts";
import type { Lines } from "../read/lines.ts";
import type { Slice } from "../read/split.ts";
import type { DamagedPart } from "./damaged.ts";
import { countKinds } from "./failureKind.ts";
import { writePart, type Day } from "./parts.ts";
import { registerRecords } from "./records.ts";
import { repair } from "./repair.ts";
import { Repeats, type CheckDuplicates } from "./repeats.ts";
import { Rows, type RowObject } from "./rows.ts";
import { SIGNALS, signalGroups } from "./signals.ts";
import { batchSelect, canBeSlim, isPlaced, slimSelect, storedColumns } from "./table.ts";
import { isoSql } from "./time.ts";
import { batchTotals } from "./totals.ts";

/** Dead letters of one batch: they, too, are kept in memory until it is worked off. */
const DEAD_LETTERS = 20_480;
const DEAD_BYTES = 40 * 1024 * 1024;
/** Dead letters that are told one by one; all are counted, and all are kept in the lake. */
const DEAD_TOLD = 100;

/** SQL for the days of a table: day (YYYY-MM-DD, UTC), rows, first and last time. */
const daysSql = (table: string): string =>
  `SELECT day::VARCHAR, count(*), ${isoSql('min("time")')}, ${isoSql('max("time")')} FROM (SELECT "time"::DATE AS day, "time" FROM ${table}) GROUP BY day ORDER BY day`;
const onDay = (day: string): string => `"time"::DATE = DATE ${quote(day)}`;

/** A record that has turned out to be of another source. */
export interface Stray {
  source: SourceDefinition;
  slice: Slice;
  object: RowObject;
  /** The event as JSON text where the record wraps it. */
  replacement: string | null;
  /** The record holds several events. */
  several?: true;
}

interface Dead extends DeadLetter {
  raw: Buffer;
  /** Already in the lake, from an earlier run. */
  known: boolean;
}

/** Gathers the records of one source and turns them, batch by batch, into parts, signals and counts. */
export class Batcher {
  private dead: Dead[] = [];
  private deadBytes = 0;
  /** Records of objects that an earlier run took in already. */
  private repeated = 0;
  private readBytes = 0;
  private readonly repeats: Repeats;
  /** The last object of which a line in the middle has named the fields of those below it. */
  private headed: RowObject | null = null;

  private constructor(
    private readonly engine: Engine,
    private readonly rows: Rows,
    private readonly matcher: Matcher,
    private readonly source: SourceDefinition,
    private readonly settings: WorkerSettings,
    /** Whether the table of the batch has only what is read of every event; the rest is read of those that matched. */
    private readonly slim: boolean,
  ) {
    this.repeats = new Repeats(engine, rows, source);
  }

  static async create(source: SourceDefinition, settings: WorkerSettings): Promise<Batcher> {
    const engine = await Engine.open(join(settings.temporary, source.id));
    const plan = planRules(source, rulesOf(settings.rules, source, settings.anyLogsource));
    await engine.once("CREATE TABLE rules (rule INTEGER, id VARCHAR, group_by VARCHAR)");
    if (plan.rules.length > 0)
      await engine.once(`INSERT INTO rules VALUES ${plan.rules.map((rule) => `(${rule.no}, ${quote(rule.summary.id)}, ${quote(rule.groupBy)})`).join(", ")}`);
    const slim = !settings.keep && canBeSlim(source, plan);
    const rows = new Rows(source.text !== null);
    await registerRecords(engine, rows);
    await engine.once(`CREATE TABLE batch AS ${(slim ? slimSelect : batchSelect)(source, plan, null)} LIMIT 0`);
    await engine.once(slim ? `CREATE TABLE matched AS ${batchSelect(source, plan, null)} LIMIT 0` : "CREATE VIEW matched AS SELECT * FROM batch");
    const matcher = await Matcher.create(engine, plan);
    await engine.once(`CREATE VIEW signals AS SELECT * FROM ${SIGNALS}`);
    await engine.once("CREATE TABLE dead (file VARCHAR, line INTEGER, reason VARCHAR, raw_data BLOB, source VARCHAR, read_at TIMESTAMP)");
    return new Batcher(engine, rows, matcher, source, settings, slim);
  }

  add(slice: Slice, object: RowObject, replacement: string | null): void {
    this.rows.add(slice, object, replacement);
  }

  addLines(lines: Lines, object: RowObject): void {
    this.rows.addLines(lines, object);
  }

  /** Whether records of this object can go with those that are here: lines of text have the same fields. */
  takes({ header }: RowObject): boolean {
    return (this.rows.header ?? header) === header || this.source.text === null;
  }

  /** Takes in a record that another batcher was handed by mistake. */
  addStray({ slice, object, replacement }: Stray): void {
    this.rows.settled.add(this.rows.length);
    this.rows.add(slice, object, replacement);
  }

  addDead(slice: Slice, file: string, reason: string, known: boolean): void {
    const raw = Buffer.from(slice.buffer.subarray(slice.start, slice.end));
    this.dead.push({ file, line: slice.no, reason, raw, known });
    this.deadBytes += raw.length;
  }

  addRepeated(bytes: number, records: number): void {
    this.repeated += records;
    this.readBytes += bytes;
  }

  /** Parts of the lake that could not be read since this was asked last. */
  takeDamaged(): DamagedPart[] {
    return this.repeats.takeDamaged();
  }

  get full(): boolean {
    return this.rows.full || this.deadBytes >= DEAD_BYTES || this.dead.length >= DEAD_LETTERS;
  }

  get empty(): boolean {
    return this.rows.length === 0 && this.dead.length === 0 && this.repeated === 0;
  }

  /** Lets go of the engine. */
  close(): void {
    this.engine.close();
  }

  /**
   * Works the batch off.
   * @param partOf the batch of the lake that it will be committed with; null when it becomes one by itself
   * @returns what became of it, with no ranges of objects; the records that are of other sources, of which nothing is counted here; and how what comes next of an
   * object is to be read, where that has changed
   */
  async flush(check: CheckDuplicates, partOf: string | null): Promise<{ result: BatchResult; strays: Stray[]; headed: RowObject | null }> {
    const { engine, rows, settings, source } = this;
    const id = newBatchId(new Date());
    // Whoever gives the task up finds its files by its name.
    const name = `${partOf ?? id}-${randomUUID()}`;
    const strays = await this.load();
    const { duplicates, distinct } = this.canRepeat ? await this.repeats.drop(id, check) : { duplicates: 0, distinct: [] };
    await this.matcher.match();
    await this.readMatched();
    const days = await this.days();
    const parts = await this.writeParts(name, partOf ?? id, days);
    const groups = await signalGroups(engine);
    const signals = groups.reduce((sum, group) => sum + group.count, 0);
    const signalsFile = settings.signals && signals > 0 ? await this.writeSignalLines(name) : null;
    const totals = await batchTotals(engine);
    const result: BatchResult = {
      id,
      source: source.id,
      counts: { read: rows.length + this.repeated + this.dead.length - rows.dropped.size, stored: days.reduce((sum, day) => sum + day.rows, 0), duplicate: duplicates + this.repeated, dead: this.dead.length },
      bytes: rows.bytes + this.deadBytes + this.readBytes,
      parts,
      objects: [],
      groups,
      signals,
      signalsFile,
      dead: this.dead.slice(0, DEAD_TOLD).map(({ file, line, reason }) => ({ file, line, reason })),
      failures: countKinds(this.dead),
      totals,
      distinct,
    };
    const { headed } = this;
    await this.clear();
    return { result, strays, headed };
  }

  /** Fills the table `batch`; what DuckDB cannot parse becomes a dead letter or is repaired. @returns what is of other sources, and not in the table */
  private async load(): Promise<Stray[]> {
    const { engine } = this;
    const insert = (): Promise<void> => this.insert("batch", this.slim ? slimSelect : batchSelect);
    try {
      await insert();
    } catch (error) {
      if (!/malformed json/i.test(String(error))) throw error;
      for (const { row, reason } of await repair(engine, this.rows)) {
        const raw = Buffer.from(this.rows.raw(row));
        this.dead.push({ file: this.rows.object(row).location, line: this.rows.no(row), reason, raw, known: false });
      }
      await engine.run("DELETE FROM batch");
      await insert();
    }
    const doubted = (await engine.rows("SELECT rn FROM batch WHERE NOT fits")).map(([rn]) => Number(rn));
    const { strays, changed } = this.lookAgain(doubted);
    if (changed) {
      await engine.run("DELETE FROM batch");
      await insert();
    }
    return strays;
  }

  private async insert(table: string, select: typeof batchSelect): Promise<void> {
    const header = this.rows.header ?? null;
    const sql = `INSERT INTO ${table} ${select(this.source, this.matcher.plan, header)}`;
    // Whoever writes the files chooses their headers: their statements are not kept.
    await (header === null ? this.engine.run(sql) : this.engine.once(sql));
  }

  /** Reads of the events that matched what was not read of all. */
  private async readMatched(): Promise<void> {
    if (!this.slim) return;
    const { engine, rows } = this;
    const found = (await engine.column("SELECT DISTINCT rn FROM matches")) as number[];
    if (found.length === 0) return;
    rows.chosen = new Set(found);
    await this.insert("matched", batchSelect);
    rows.chosen = null;
  }

  /** Tells by themselves the records that do not look like this source. Some are of another one, some wrap an event of this one, some are just odd; a line of text that is said to be of this source, and is not, cannot be read. */
  private lookAgain(doubted: readonly number[]): { strays: Stray[]; changed: boolean } {
    const { rows, source } = this;
    const strays: Stray[] = [];
    let changed = false;
    for (const row of doubted) {
      if (rows.dropped.has(row)) continue;
      const text = rows.text(row);
      const object = rows.object(row);
      if (source.text?.header?.recognises(text)) for (const each of this.below(row, text)) strays.push(each);
      else if (rows.settled.has(row) || rows.replaced.has(row)) continue;
      else {
        const contents: Contents = source.text === null ? contentsOf(parseRecord(text) ?? {}, object.labelled ? source : null) : { event: { source: recogniseLine(text), text: null } };
        const told = "event" in contents ? contents.event : null;
        if ("refused" in contents) this.giveUp(row, contents.refused);
        else if (told === null) strays.push({ ...this.takeOut(row, source, object, null), several: true });
        else if (told.source === source && told.text !== null) rows.replaced.set(row, told.text);
        else if (object.labelled && source.text !== null) this.giveUp(row, `not a line of ${source.id}`);
        else if (told.source !== source && !object.labelled) strays.push(this.takeOut(row, told.source, object, told.text));
        else continue;
      }
      changed = true;
    }
    return { strays, changed };
  }

  /** The rows below a line that names their fields, in the same object, as strays: files that were joined may have several such lines. */
  private below(header: number, text: string): Stray[] {
    const { rows } = this;
    const object = rows.object(header);
    rows.drop(header);
    if (text === object.header) return [];
    const headed = { ...object, header: text };
    this.headed = headed;
    const strays: Stray[] = [];
    for (let row = header + 1; row < rows.length && rows.object(row).location === object.location && rows.object(row).version === object.version; row++) if (!rows.dropped.has(row)) strays.push(this.takeOut(row, this.source, headed, rows.replaced.get(row) ?? null));
    return strays;
  }

  private takeOut(row: number, source: SourceDefinition, object: RowObject, replacement: string | null): Stray {
    const stray = { source, slice: this.rows.slice(row), object, replacement };
    this.rows.drop(row);
    return stray;
  }

  /** Makes a row a dead letter. */
  private giveUp(row: number, reason: string): void {
    this.addDead(this.rows.slice(row), this.rows.object(row).location, reason, false);
    this.rows.drop(row);
  }

  private async days(): Promise<Day[]> {
    const result = await this.engine.rows(daysSql("batch"));
    return result.map(([day, rows, first, last]) => ({ day: String(day), rows: Number(rows), first: String(first), last: String(last) }));
  }

  /** Of events that are told by their place, and kept nowhere, none can repeat another one. */
  private get canRepeat(): boolean {
    return this.settings.keep || !isPlaced(this.source);
  }

  private async writeParts(name: string, batch: string, days: readonly Day[]): Promise<WrittenPart[]> {
    const { engine, settings, source } = this;
    const parts: WrittenPart[] = [];
    const columns = settings.keep ? storedColumns(source) : 'event_hash, event_uid, "time", operation';
    for (const day of this.canRepeat ? days : []) {
      const where = days.length === 1 ? "" : ` WHERE ${onDay(day.day)}`;
      parts.push(await writePart(engine, `SELECT ${columns} FROM batch${where}`, settings.staging, `${name}-${day.day}`, batch, { kind: "events", source: source.id, ...day }));
    }
    if (!settings.keep) return parts;
    const signalDays = await engine.rows(daysSql("signals"));
    for (const [day, rows, first, last] of signalDays) {
      const select = `SELECT id AS rule_id, event_uid, "time", ${quote(source.id)} AS source, kind AS entity_kind, key AS entity_key, name AS entity_name, account, region, address, operation, location AS file, record_no AS line
        FROM signals JOIN rules USING (rule) WHERE ${onDay(String(day))}`;
      parts.push(await writePart(engine, select, settings.staging, `${name}-signals-${String(day)}`, batch, { kind: "signals", source: "", day: String(day), rows: Number(rows), first: String(first), last: String(last) }));
    }
    const fresh = this.dead.filter((letter) => !letter.known);
    if (fresh.length > 0) {
      const today = new Date().toISOString();
      const appender = await engine.appender("dead");
      for (const letter of fresh) {
        appender.appendVarchar(letter.file);
        appender.appendInteger(letter.line);
        appender.appendVarchar(letter.reason);
        appender.appendBlob(letter.raw);
        appender.appendVarchar(source.id);
        appender.appendTimestamp(new DuckDBTimestampValue(BigInt(Date.now()) * 1000n));
        appender.endRow();
      }
      appender.closeSync();
      parts.push(await writePart(engine, "SELECT * FROM dead", settings.staging, `${name}-dead`, batch, { kind: "dead", source: source.id, day: today.slice(0, 10), rows: fresh.length, first: null, last: null }));
    }
    return parts;
  }

  private async writeSignalLines(name: string): Promise<string> {
    const path = join(this.settings.staging, `${name}-signals.ndjson`);
    await this.engine.once(`COPY (SELECT id AS rule_id, event_uid, ${isoSql('"time"')} AS "time", location AS file, record_no AS line
      FROM signals JOIN rules USING (rule) ORDER BY rn, rule) TO ${quote(path)} (FORMAT json)`);
    return path;
  }

  private async clear(): Promise<void> {
    const { engine } = this;
    this.rows.clear();
    this.headed = null;
    this.dead = [];
    this.deadBytes = 0;
    this.repeated = 0;
    this.readBytes = 0;
    await this.matcher.clear();
    for (const table of this.slim ? ["batch", "matched", "dead"] : ["batch", "dead"]) await engine.run(`DELETE FROM ${table}`);
    // In memory too, only a checkpoint gives back what was deleted.
    await engine.once("CHECKPOINT");
  }
}

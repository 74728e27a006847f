import type { DuckDBListValue, DuckDBPreparedStatement } from "@duckdb/node-api";
import { guessedFrequency } from "@corduroy/sigma";
import type { Engine } from "../lake/index.ts";
import { quote, quoteName } from "./lookup.ts";
import { batchColumns, fieldColumns, rulesFor, type RulePlan } from "./plan.ts";
import { BATCH, keyedSql, keylessSql, literalCounts, literalName, ODD, slowSql, type KeyedSql } from "./statements.ts";

/** Rules in one statement: enough to share the work of reading a row, few enough to plan quickly. */
const SLOW_RULES_A_STATEMENT = 50;
/** The statement over all known keys is built anew once this share of it came later. */
const REBUILD_SHARE = 0.25;

interface Key {
  id: number;
  /** What to run for its rows; null when no rule wants them. */
  sql: KeyedSql | null;
}

/**
 * Evaluates the rules of a plan over the table `batch` of one engine. Statements are prepared once: planning 3,000 rules
 * anew for every batch costs more than running them. They stay prepared only while no table is created or dropped, so the
 * tables live on and are emptied; 300 branches then take 32 ms a batch beside the rows' own cost, against 80 ms replanned.
 */
export class Matcher {
  private readonly keys = new Map<string, Key>();
  private readonly keyless = {
    statements: null as readonly DuckDBPreparedStatement[] | null,
    selects: [] as readonly string[],
    /** Rows that held each literal when they were counted. */
    counts: new Map<string, number>(),
    batches: 0,
    countAt: 0,
  };
  private slow: DuckDBPreparedStatement[] | null = null;
  /** One statement over all keys known when it was built, and one for each that came later. */
  private known: { statement: DuckDBPreparedStatement; keys: number } | null = null;
  private later = new Map<number, DuckDBPreparedStatement>();
  /** The slow statement of each key that needed one. */
  private readonly odd = new Map<number, DuckDBPreparedStatement>();

  private constructor(
    private readonly engine: Engine,
    readonly plan: RulePlan,
  ) {}

  /** Makes the tables `hot` and `matches` beside the existing, empty table `batch`. */
  static async create(engine: Engine, plan: RulePlan): Promise<Matcher> {
    await engine.once(`CREATE OR REPLACE TABLE hot AS SELECT 0 AS key_id, ${hotColumns(plan)}, json FROM ${BATCH} LIMIT 0`);
    await engine.once("CREATE OR REPLACE TABLE matches (rn INTEGER, rule INTEGER)");
    await engine.once("CREATE OR REPLACE TABLE odd (rn INTEGER, rule INTEGER)");
    return new Matcher(engine, plan);
  }

  /** Fills the table `matches` (rn, rule) with one row a match; both tables are empty before. */
  async match(): Promise<void> {
    const { engine, plan } = this;
    if (plan.rules.length === 0) return;
    if (plan.keyed.size > 0) await this.matchKeyed();
    for (const statement of await this.keylessStatements()) await statement.run();
    const [irregular] = await engine.rows("SELECT count(*) FROM batch WHERE irregular");
    if (Number(irregular![0]) === 0) return;
    if (!this.slow) {
      const chunks: string[] = [];
      for (let at = 0; at < plan.rules.length; at += SLOW_RULES_A_STATEMENT)
        chunks.push(slowSql(plan, plan.rules.slice(at, at + SLOW_RULES_A_STATEMENT), "irregular"));
      this.slow = await this.prepare(chunks);
    }
    for (const statement of this.slow) await statement.run();
  }

  /** Empties the tables for the next batch; the caller checkpoints, which gives the memory back. */
  async clear(): Promise<void> {
    await this.engine.run("DELETE FROM hot");
    await this.engine.run("DELETE FROM odd");
    await this.engine.run("DELETE FROM matches");
  }

  private async prepare(selects: readonly string[]): Promise<DuckDBPreparedStatement[]> {
    const statements: DuckDBPreparedStatement[] = [];
    for (const select of selects) statements.push(await this.engine.prepare(`INSERT INTO matches ${select}`));
    return statements;
  }

  /**
   * The statements of keyless rules. Of the texts that a rule requires the rarest makes the best gate, and nothing in the rule tells which
   * one that is: `console.amazonaws.com` is long, and in every tenth event. So they are counted, again and again because
   * the first batch may come from a single account, and more and more seldom because that costs as much as asking the rules.
   */
  private async keylessStatements(): Promise<readonly DuckDBPreparedStatement[]> {
    const { engine, plan, keyless } = this;
    if (keyless.statements && ++keyless.batches < keyless.countAt) return keyless.statements;
    keyless.countAt = 2 * Math.max(1, keyless.batches);
    const { literals, sql } = literalCounts(plan, plan.keyless);
    if (literals.length > 0) {
      const [row] = await engine.rowsOnce(sql);
      (row![0] as DuckDBListValue).items.forEach((count, index) => {
        const name = literalName(literals[index]!);
        keyless.counts.set(name, (keyless.counts.get(name) ?? 0) + Number(count));
      });
    }
    const selects = keylessSql(plan, plan.keyless, (literal) => (keyless.counts.get(literalName(literal)) ?? Infinity) + guessedFrequency(literal));
    if (!keyless.statements || selects.join() !== keyless.selects.join()) {
      keyless.statements = await this.prepare(selects);
      keyless.selects = selects;
    }
    return keyless.statements;
  }

  private async matchKeyed(): Promise<void> {
    const { engine, plan } = this;
    const columns = fieldColumns(plan.source);
    const keys = plan.source.keyFields.map((field) => quoteName(columns.get(field)!));
    const distinct = await engine.rows(`SELECT ${[...keys, ...keys.map((key) => `lower(${key})`)].join(", ")} FROM (SELECT DISTINCT ${keys.join(", ")} FROM batch WHERE NOT irregular)`);
    const hot: { written: (string | null)[]; key: Key }[] = [];
    const fresh: Key[] = [];
    for (const row of distinct) {
      const texts = row.map((value) => (value === null ? null : String(value)));
      const [written, values] = [texts.slice(0, keys.length), texts.slice(keys.length)];
      const name = JSON.stringify(values);
      let key = this.keys.get(name);
      if (!key) {
        const rules = rulesFor(plan, values);
        const id = this.keys.size;
        key = { id, sql: rules.length === 0 ? null : keyedSql(plan, id, values, rules) };
        this.keys.set(name, key);
        if (key.sql) fresh.push(key);
      }
      if (key.sql) hot.push({ written, key });
    }
    if (hot.length === 0) return;
    const rows = hot.map(({ written, key }) => `(${[...written.map((value) => (value === null ? "NULL" : quote(value))), key.id, key.sql!.readsJson].join(", ")})`);
    const joined = keys.map((key, index) => `${key} IS NOT DISTINCT FROM k.c${index}`).join(" AND ");
    const names = keys.map((_, index) => `c${index}`).join(", ");
    await engine.once(`INSERT INTO hot SELECT k.key_id, ${hotColumns(plan)}, CASE WHEN k.reads_json THEN json END AS json FROM ${BATCH} JOIN (VALUES ${rows.join(", ")}) k(${names}, key_id, reads_json) ON ${joined} WHERE NOT irregular ORDER BY k.key_id`);
    await this.runKeys(fresh, new Set(hot.map(({ key }) => key)));
  }

  private async runKeys(fresh: readonly Key[], present: ReadonlySet<Key>): Promise<void> {
    const all = [...this.keys.values()].filter((key) => key.sql !== null);
    const late = this.later.size + fresh.length;
    if (!this.known || late > Math.max(8, this.known.keys * REBUILD_SHARE)) {
      const [statement] = await this.prepare([all.map((key) => key.sql!.fast).join(" UNION ALL ")]);
      this.known = { statement: statement!, keys: all.length };
      this.later.clear();
    } else for (const key of fresh) this.later.set(key.id, (await this.prepare([key.sql!.fast]))[0]!);
    await this.known.statement.run();
    for (const key of present) await this.later.get(key.id)?.run();
    await this.askAgain();
  }

  /** Rows that the fast statements could not judge, key by key, through the general road. */
  private async askAgain(): Promise<void> {
    const { engine } = this;
    const passedOn = await engine.rows(`SELECT DISTINCT rule FROM matches WHERE rule <= ${ODD}`);
    if (passedOn.length === 0) return;
    await engine.run(`INSERT INTO odd SELECT rn, rule FROM matches WHERE rule <= ${ODD}`);
    await engine.run(`DELETE FROM matches WHERE rule <= ${ODD}`);
    const byId = new Map([...this.keys.values()].map((key) => [key.id, key] as const));
    for (const [rule] of passedOn) {
      const id = ODD - Number(rule);
      let statement = this.odd.get(id);
      if (!statement) {
        [statement] = await this.prepare([byId.get(id)!.sql!.slow]);
        this.odd.set(id, statement!);
      }
      await statement!.run();
    }
  }
}

/** What the statements of keys read of a row, beside its text. */
function hotColumns(plan: RulePlan): string {
  const columns = batchColumns(plan);
  return ["rn", ...[...plan.columnFields, ...plan.extraFields].map((field) => quoteName(columns.get(field)!))].join(", ");
}

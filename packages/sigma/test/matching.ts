import { DuckDBInstance } from "@duckdb/node-api";
import { compileRule, jsonAccess, parseSigma, printDuckdb, type CompileOptions, type Expr } from "../src/index.ts";

/** A whole rule file around a `detection` section given as YAML lines. */
export function ruleFile(detection: string): string {
  const indented = detection.replace(/^\n+/, "").replaceAll(/^/gm, "  ");
  return `title: Test\nid: 4cbe2a3c-5f1e-4f0e-9c66-6b8a0a7b2f1d\nlogsource: {product: test}\ndetection:\n${indented}\n`;
}

/** Compiles a `detection` section; throws with all problems. */
function compileDetection(detection: string, options: CompileOptions = {}): Expr {
  const parsed = parseSigma(ruleFile(detection), "test.yml");
  const result = parsed.rules[0] && compileRule(parsed.rules[0], options);
  if (result?.expr) return result.expr;
  throw new Error(JSON.stringify([...parsed.problems, ...(result?.problems ?? [])]));
}

let database: Promise<DuckDBInstance> | undefined;

/** Which of the events, given as values or as JSON texts, the detection matches. */
export async function matches(detection: string, events: readonly unknown[], options: CompileOptions = {}): Promise<boolean[]> {
  const expr = compileDetection(detection, options);
  const texts = events.map((event) => (typeof event === "string" ? event : JSON.stringify(event)));
  database ??= DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await (await database).connect();
  const rows = texts.map((text) => `('${text.replaceAll("'", "''")}')`).join(", ");
  const found = await connection.runAndReadAll(`SELECT ${printDuckdb(expr, jsonAccess("event"))} FROM (VALUES ${rows}) AS events(event)`);
  connection.closeSync();
  return found.getRows().map(([matched]) => matched as boolean);
}

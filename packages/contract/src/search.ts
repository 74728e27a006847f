import * as z from "zod";
import { ById, Level, Time } from "./common.ts";
import { Environment } from "./findings.ts";
import { route } from "./route.ts";

export const QueryRequest = z.object({
  sql: z.string().min(1).max(100_000),
  maxRows: z.number().int().min(1).max(100_000).default(1_000),
  seconds: z.number().int().min(1).max(300).default(60),
  /** Only rows of accounts that the catalog gives to this team; `none`: to no team. */
  team: z.string().min(1).max(200).optional(),
  /** Only rows of accounts in this environment; `unknown`: in none that the catalog knows. */
  environment: Environment.optional(),
});

/** An export is whole or it fails: with more rows than these the transfer breaks off. */
export const ExportRequest = QueryRequest.extend({ maxRows: z.number().int().min(1).max(1_000_000).default(1_000_000) });

/** The lines of an answer: one `columns`, any number of `row`, one `end` or `error`. */
export const QueryLine = z.union([
  z.object({ columns: z.array(z.object({ name: z.string(), type: z.enum(["number", "time", "json", "text"]) })) }),
  z.object({ row: z.array(z.unknown()) }),
  z.object({ end: z.object({ rows: z.number(), more: z.boolean(), milliseconds: z.number() }) }),
  z.object({ error: z.object({ message: z.string(), hint: z.string().optional() }) }),
]);
export type QueryLine = z.infer<typeof QueryLine>;

/** What whoever asks sees in place of what may tell of a person: a pseudonym, the same but for machines, or nothing. */
const Hidden = z.enum(["pseudonym", "entity", "withheld"]);

export const ViewSchema = z.object({ name: z.string(), about: z.string(), columns: z.array(z.object({ name: z.string(), type: z.string(), hidden: Hidden.nullable() })) });

export const search = {
  query: route({ method: "POST", path: "/v1/query", summary: "Ask the lake with one SELECT; rows come as NDJSON, closing the connection cancels", access: "lake.query", body: QueryRequest, stream: "ndjson" }),
  export: route({ method: "POST", path: "/v1/query/export", summary: "The rows of one SELECT as CSV, all of them: the transfer breaks off where that is not possible", access: "lake.export", body: ExportRequest, stream: "text/csv" }),
  schema: route({ method: "GET", path: "/v1/schema", summary: "Views and columns that SQL may use", access: "lake.query", response: z.object({ views: z.array(ViewSchema) }) }),
};

export const RuleSummary = z.object({
  id: z.string(), title: z.string(), level: Level, status: z.string().nullable(), source: z.string(), tags: z.array(z.string()),
  signals24h: z.number(), signals7d: z.number(), findings: z.number(), active: z.number(),
  /** Of the findings closed so far, the share that was no false positive; null before the first. */
  precision: z.number().nullable(), lastMatchAt: Time.nullable(), tests: z.number(),
});
export const RuleDetail = RuleSummary.extend({
  description: z.string(), author: z.string().nullable(), references: z.array(z.string()), falsePositives: z.array(z.string()),
  /** The rule's file, and that of its tests. */
  text: z.string(), testText: z.string().nullable(), file: z.string(),
  volume: z.array(z.tuple([Time, z.number()])),
});
export type RuleDetail = z.infer<typeof RuleDetail>;

export const rules = {
  list: route({ method: "GET", path: "/v1/rules", summary: "Detection rules with their volume", access: "rules.read", response: z.object({ items: z.array(RuleSummary) }) }),
  get: route({ method: "GET", path: "/v1/rules/{id}", summary: "One rule with its text, tests and matches", access: "rules.read", params: ById, response: RuleDetail }),
};

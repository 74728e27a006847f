import type { Expr, Logsource } from "@corduroy/sigma";
import type { Entity, RuleSummary } from "../findings/index.ts";

/** What the signals of a rule are grouped by: the identity that acted, or what it acted from, in or on. */
export const GROUPINGS = ["identity", "address", "account", "resource"] as const satisfies readonly (Entity["kind"] | "identity")[];
export type Grouping = (typeof GROUPINGS)[number];

/** A compiled detection rule: plain data, so that it can be sent to another process. */
export interface DetectionRule {
  /** Its place in the list of all rules of this run, from 0. */
  no: number;
  /** Where it was written, and the line its document begins at. */
  file: string;
  line: number;
  logsource: Logsource;
  /** Sigma's `status` and `author`, as far as they are given. */
  status: string | null;
  author: string | null;
  expr: Expr;
  groupBy: Grouping;
  summary: RuleSummary;
}

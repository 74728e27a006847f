import type { ConditionNode } from "./condition.ts";
import { selectionsOf } from "./detection.ts";
import type { Placeholders } from "./expand.ts";
import { itemExpr, type FieldMap } from "./item.ts";
import { matchesLogsource } from "./logsource-match.ts";
import type { Detection, Problem, Selection, SigmaFilter, SigmaRule } from "./rule.ts";
import { and, not, or, type Expr } from "./tree.ts";
import { ValueError } from "./value-error.ts";

export interface CompileOptions {
  /** Filters that may apply; those that name the rule (or any rule) and fit its log source are and-ed to it. */
  readonly filters?: readonly SigmaFilter[];
  /** What %names% stand for in values with `expand`; wildcards allowed. */
  readonly placeholders?: Placeholders;
  /** A rule's field name -> the event's name, or several names whose values are taken together. Others stay as they are. */
  readonly fields?: FieldMap;
}

export type Compiled = { readonly expr: Expr; readonly problems?: undefined } | { readonly expr?: undefined; readonly problems: readonly Problem[] };

/** Applies modifiers, field names, placeholders and filters to a parsed rule, and gives its tree or what is wrong with it. */
export function compileRule(rule: SigmaRule, options: CompileOptions = {}): Compiled {
  const problems: Problem[] = [];
  const parts = [compileDetection(rule.detection, rule, options, problems)];
  for (const filter of options.filters ?? [])
    if (appliesTo(filter, rule)) parts.push(compileDetection(filter.detection, filter, options, problems));
  return problems.length > 0 ? { problems } : { expr: and(parts) };
}

function appliesTo(filter: SigmaFilter, rule: SigmaRule): boolean {
  const named = filter.rules === "any" || filter.rules.includes(rule.id) || (rule.name !== null && filter.rules.includes(rule.name));
  return named && matchesLogsource(filter.logsource, rule.logsource);
}

function compileDetection(detection: Detection, owner: { readonly file: string; readonly id: string }, options: CompileOptions, problems: Problem[]): Expr {
  const selections = new Map([...detection.selections].map(([name, selection]) => [name, compileSelection(selection, owner, options, problems)]));
  const named = (names: readonly string[]): Expr[] => names.flatMap((name) => selections.get(name) ?? []);
  const condition = (node: ConditionNode): Expr => {
    if (node.kind === "name") return and(named([node.name]));
    if (node.kind === "not") return not(condition(node.part));
    if (node.kind === "of") return (node.quantifier === "all" ? and : or)(named(selectionsOf(node.pattern, selections.keys())));
    return (node.kind === "and" ? and : or)(node.parts.map(condition));
  };
  return or(detection.conditions.map(condition));
}

function compileSelection(selection: Selection, owner: { readonly file: string; readonly id: string }, options: CompileOptions, problems: Problem[]): Expr {
  if (selection.kind !== "item") {
    const parts = selection.items.map((item) => compileSelection(item, owner, options, problems));
    return selection.kind === "all" ? and(parts) : or(parts);
  }
  const { item } = selection;
  const report = (at: typeof item.at, error: unknown): void => {
    if (!(error instanceof ValueError)) throw error;
    const name = [item.field ?? "", ...item.modifiers].join("|");
    const message = name === "" ? error.message : `${name}: ${error.message}`;
    problems.push({ file: owner.file, ...at, rule_id: owner.id, message, ...(error.hint === undefined ? {} : { hint: error.hint }) });
  };
  return itemExpr(item, options.fields ?? {}, options.placeholders ?? {}, report);
}

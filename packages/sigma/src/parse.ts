import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Node } from "yaml";
import { readCorrelation } from "./correlation.ts";
import { readDetection } from "./detection.ts";
import { readBlockYaml } from "./block-yaml.ts";
import { scalarText, SigmaDocument, type YamlDocument } from "./document.ts";
import { readLogsource } from "./logsource.ts";
import { isTooDeep } from "./nesting.ts";
import { misspelled, readMetadata, readTextList, type Top } from "./metadata.ts";
import type { ParsedSigma, Problem, SigmaCorrelation, SigmaFilter, SigmaRule } from "./rule.ts";

/** A larger file is refused. 3,000 rules in one file are about 4 MB. */
const maxLength = 16_000_000;

/**
 * Parses a Sigma file: one or many YAML documents (1.2 core schema), each a rule, a correlation or a filter.
 * Never throws: what cannot be used is left out, counted in `broken`, and explained in `problems`.
 */
export function parseSigma(text: string, file: string): ParsedSigma {
  if (text.length > maxLength) return failed(file, `the file is larger than ${maxLength} characters`);
  const lines = new LineCounter();
  let documents: readonly YamlDocument[];
  try {
    documents = readYaml(text, lines);
  } catch (error) {
    return failed(file, `the YAML cannot be read: ${reason(error)}`);
  }
  const rules: SigmaRule[] = [];
  const correlations: SigmaCorrelation[] = [];
  const filters: SigmaFilter[] = [];
  const problems: Problem[] = [];
  let broken = 0;
  for (const yaml of documents) {
    if (yaml.errors.length === 0 && (yaml.contents === null || (isScalar(yaml.contents) && yaml.contents.value === null))) continue;
    const found = readDocument(file, yaml, lines);
    if (found.rule) rules.push(found.rule);
    else if (found.correlation) correlations.push(found.correlation);
    else if (found.filter) filters.push(found.filter);
    else broken++;
    for (const problem of found.problems) problems.push(problem);
  }
  if (rules.length + correlations.length + filters.length + broken === 0) return failed(file, "the file holds no rule");
  return { rules, correlations, filters, broken, problems };
}

/** The plain style of nearly all rules has a quick reader; the library reads everything else. */
function readYaml(text: string, lines: LineCounter): readonly YamlDocument[] {
  const quick = readBlockYaml(text);
  if (quick === null && isTooDeep(text)) throw new RangeError("too deep");
  if (quick === null) return [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false })];
  for (let start = 0; start >= 0; start = text.indexOf("\n", start) + 1 || -1) lines.addNewLine(start);
  return [{ contents: quick, errors: [], warnings: [], range: [0, text.length, text.length] }];
}

interface Found {
  readonly rule?: SigmaRule;
  readonly correlation?: SigmaCorrelation;
  readonly filter?: SigmaFilter;
  readonly problems: readonly Problem[];
}

function readDocument(file: string, yaml: YamlDocument, lines: LineCounter): Found {
  try {
    const document = new SigmaDocument(file, yaml, lines);
    for (const { pos, message } of [...yaml.errors, ...yaml.warnings].slice(0, 5)) document.problem(document.placeAt(pos[0]), `the YAML is broken: ${message}`);
    if (document.problems.length > 0) return { problems: document.problems };
    if (!isMap(yaml.contents)) {
      document.problem(null, "a Sigma document must be a map", "it starts with `title:`");
      return { problems: document.problems };
    }
    const top: Top = new Map(document.entries(yaml.contents).map((entry) => [entry.key, entry]));
    const found = readKind(document, top);
    const id = top.get("id")?.value;
    const rule_id = isScalar(id) ? scalarText(id) : "";
    const problems = rule_id === "" ? document.problems : document.problems.map((problem) => ({ ...problem, rule_id }));
    return problems.length > 0 ? { problems } : { ...found, problems };
  } catch (error) {
    // Deep nesting exhausts the stack in the YAML library, and alias bombs are refused there.
    const { line, col } = lines.linePos(yaml.range[0]);
    return { problems: [{ file, line: Math.max(line, 1), column: Math.max(col, 1), message: `the YAML cannot be read: ${reason(error)}` }] };
  }
}

function readKind(document: SigmaDocument, top: Top): Omit<Found, "problems"> {
  const action = top.get("action");
  if (action !== undefined) document.problem(action.keyNode, "rule collections (action) were removed from Sigma 2", "write each rule out in full");
  const node = (key: string): Node | null => top.get(key)?.value ?? null;
  if (top.has("correlation")) {
    const metadata = readMetadata(document, top, ["correlation", "generate"]);
    const correlation = readCorrelation(document, node("correlation"), node("generate"), metadata);
    return correlation === null ? {} : { correlation };
  }
  const section = top.has("filter") ? "filter" : "detection";
  const metadata = readMetadata(document, top, ["logsource", section]);
  const read = <Value>(key: string, reader: (node: Node | null) => Value): Value | null => {
    if (top.has(key)) return reader(node(key));
    document.problem(null, `${key} is missing`, misspelled(top, key) ?? `every rule needs a ${key} section`);
    return null;
  };
  const logsource = read("logsource", (value) => readLogsource(document, value));
  const detection = read(section, (value) => readDetection(document, value, section));
  const rules = section === "filter" ? readFilterRules(document, node("filter")) : null;
  if (logsource === null || detection === null) return {};
  return rules === null ? { rule: { ...metadata, logsource, detection } } : { filter: { ...metadata, logsource, detection, rules } };
}

/** A filter's `rules`: ids or names, or `any`. */
function readFilterRules(document: SigmaDocument, section: Node | null): readonly string[] | "any" {
  const rules = isMap(section) ? document.entries(section).find(({ key }) => key === "rules") : undefined;
  if (isScalar(rules?.value) && rules.value.value === "any") return "any";
  const names = rules?.value && (isSeq(rules.value) || isScalar(rules.value)) ? readTextList(document, rules.value, "rules") : [];
  if (names.length === 0) document.problem(rules?.keyNode ?? section, "a filter must name its rules", "list rule ids or names, or write `rules: any`");
  return names;
}

function failed(file: string, message: string): ParsedSigma {
  return { rules: [], correlations: [], filters: [], broken: 1, problems: [{ file, line: 1, column: 1, message }] };
}

function reason(error: unknown): string {
  return error instanceof RangeError ? "it is nested too deeply" : error instanceof Error ? error.message : String(error);
}

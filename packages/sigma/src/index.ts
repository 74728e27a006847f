export { parseSigma } from "./parse.ts";
export { isTooDeep } from "./nesting.ts";
export { nameMatcher } from "./name-pattern.ts";
export { compileRule, type CompileOptions, type Compiled } from "./compile.ts";
export { matchesLogsource } from "./logsource.ts";
export { requiredKeys, type RequiredKey } from "./required-keys.ts";
export { guessedFrequency, requiredLiterals, type LiteralFrequency, type RequiredLiteral } from "./required-literals.ts";
export { fieldsOf } from "./fields.ts";
export { lowerCase } from "./lower-case.ts";
export { printDuckdb, type FieldAccess, type FieldSql } from "./duckdb.ts";
export { jsonAccess } from "./duckdb-json.ts";
export { always, and, never, not, or } from "./tree.ts";
export type { Comparison, Expr, FieldTest, PatternPart, Position, RegexFlags, TextTest, TimePart } from "./tree.ts";
export { conditionNames, type ConditionNode } from "./condition.ts";
export { correlationOperators, correlationTypes, levels, statuses } from "./rule.ts";
export type {
  CorrelationCondition, CorrelationOperator, CorrelationType, Detection, DetectionItem, Level, Logsource, Metadata, ParsedSigma, Place,
  Problem, RuleValue, Selection, SigmaCorrelation, SigmaFilter, SigmaRule, Status,
} from "./rule.ts";

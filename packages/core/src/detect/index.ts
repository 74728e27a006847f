export { checkRules, type CheckedRules } from "./check.ts";
export { isFor, isTestFile, loadRules, rulesOf, type LoadedRules } from "./load.ts";
export { lookup, quote, quoteList, quoteName, type Lookup } from "./lookup.ts";
export { Matcher } from "./matcher.ts";
export { extraColumn, planRules, wholeFields, type RulePlan } from "./plan.ts";
export { GROUPINGS, type DetectionRule, type Grouping } from "./rule.ts";
export { parseRuleTests, type RuleTest } from "./ruleTestFile.ts";
export { literally, looksNested, rareEnd } from "./statements.ts";
export { addRuleVolume, ruleHistogram, ruleVolumes, type RuleVolume } from "./volume.ts";

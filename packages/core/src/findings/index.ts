export { SignalGroups } from "./collect.ts";
export { fingerprint, type Draft } from "./finding.ts";
export { emptyTally, SAMPLES_KEPT, TALLIED, type SignalGroup, type Tallied, type Tally } from "./group.ts";
export { rank } from "./rank.ts";
export { LEVELS, type Entity, type Finding, type Level, type RuleSummary, type SampleEvent } from "./schemas.ts";
export { SPAN_HOURS, WINDOW_HOURS } from "./window.ts";

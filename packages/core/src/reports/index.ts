export { headline, type Headline } from "./headline.ts";
export { renderHtml } from "./render-html.ts";
export { toOcsfFindings } from "./ocsf.ts";
export { bytesText, countOf, countText, datedText, durationText, shortMomentText } from "./measures.ts";
export type { ScanReport, SourceSummary, TopEntry, TopIdentity, UnreadableInput } from "./schemas.ts";

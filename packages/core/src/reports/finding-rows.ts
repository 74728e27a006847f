import type { Finding } from "../findings/index.ts";
import { shortText, timeText } from "./hostile-text.ts";
import { html, type Html, type Part } from "./html.ts";
import { levelIcon, levelName } from "./levels.ts";
import { countOf, countText, datedText } from "./measures.ts";
import type { ScanReport } from "./schemas.ts";

/** Findings shown in full. */
export const MOST_CARDS = 200;
/** Findings shown at all; what comes later is only counted. */
const MOST_ROWS = 5000;
const OPEN_ROWS = 40;

/** All findings with a card, a line each, linked to it; a long list keeps its tail behind a disclosure. */
export function overview({ findings, generated }: ScanReport): Part {
  const carded = findings.slice(0, MOST_CARDS);
  const tail = carded.slice(OPEN_ROWS);
  return [
    findingTable(carded.slice(0, OPEN_ROWS), generated, 0, true),
    tail.length > 0 && html`<details class="tail"><summary>${countOf(tail.length, "more finding")} with details below</summary>${findingTable(tail, generated, OPEN_ROWS, true)}</details>`,
    findings.length > MOST_CARDS && html`<p class="note">Findings after the ${MOST_CARDS}th are <a href="#further">listed in short</a>.</p>`,
  ];
}

/** The findings after the last card, a line each. */
export function furtherFindings({ findings, generated }: ScanReport): Part {
  if (findings.length <= MOST_CARDS) return null;
  const left = findings.length - MOST_ROWS;
  return html`<section id="further" aria-labelledby="further-h"><h2 id="further-h">Further findings</h2>
${findingTable(findings.slice(MOST_CARDS, MOST_ROWS), generated, MOST_CARDS, false)}
${left > 0 && html`<p class="note">${countOf(left, "finding")} more are left out here; <code>--format json</code> gives all.</p>`}</section>`;
}

function findingTable(findings: Finding[], generated: string, offset: number, linked: boolean): Html {
  return html`<div class="wide" role="region" aria-label="Findings" tabindex="0"><table class="findings">
<thead><tr><th scope="col" class="num">#</th><th scope="col">Level</th><th scope="col">What</th><th scope="col">Who</th><th scope="col" class="num">Signals</th><th scope="col">First (UTC)</th></tr></thead><tbody>
${findings.map((finding, i) => {
  const number = offset + i + 1;
  const title = shortText(finding.title, 140);
  return html`<tr><td class="num dim">${number}</td><td class="level ${finding.level}">${levelIcon(finding.level)}${levelName(finding.level)}</td><td class="what">${linked ? html`<a href="#f${number}">${title}</a>` : title}</td><td class="who">${shortText(finding.entity.name, 48)}</td><td class="num">${countText(finding.count)}</td><td class="time">${timeText(finding.first_seen, datedText(finding.first_seen, generated))}</td></tr>
`;
})}</tbody></table></div>`;
}

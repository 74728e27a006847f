import { tacticOf } from "./attack.ts";
import { MOST_CARDS } from "./finding-rows.ts";
import { sameHand } from "./headline.ts";
import { shortText } from "./hostile-text.ts";
import { html, type Part } from "./html.ts";
import { levelIcon, levelName } from "./levels.ts";
import { clockText, countOf, dayText } from "./measures.ts";
import type { ScanReport } from "./schemas.ts";

const MOST_STEPS = 24;

/** What the identity of the first finding did, step by step in time; nothing when fewer than three findings tell no story. */
export function story(report: ScanReport): Part {
  const findings = sameHand(report.findings);
  const [first] = findings;
  if (first === undefined || findings.length < 3) return null;
  const numbers = new Map(report.findings.map((finding, i) => [finding, i + 1]));
  return html`<section aria-labelledby="story-h"><h2 id="story-h">What ${shortText(first.entity.name, 80)} did, step by step</h2>
<ol class="story">${findings.slice(0, MOST_STEPS).map((finding) => {
    const number = numbers.get(finding) ?? 0;
    const at = new Date(finding.first_seen);
    const title = shortText(finding.title, 160);
    return html`<li class="${finding.level}"><span class="at">${Number.isNaN(at.getTime()) ? "–" : html`<b>${clockText(at)}</b> <span class="dim">${dayText(at)}</span>`}</span><span class="dot" title="${levelName(finding.level)}">${levelIcon(finding.level)}</span><span>${number <= MOST_CARDS ? html`<a href="#f${number}">${title}</a>` : title}<span class="tactic">${finding.tactics[0] !== undefined && shortText(tacticOf(finding.tactics[0]).name, 40)}</span></span></li>`;
  })}</ol>${findings.length > MOST_STEPS && html`<p class="note">and ${countOf(findings.length - MOST_STEPS, "more step")}.</p>`}</section>`;
}

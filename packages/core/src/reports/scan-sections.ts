import { ENTITY_KINDS } from "./finding-card.ts";
import { shortText, timeText } from "./hostile-text.ts";
import { html, type Html, type Part } from "./html.ts";
import { bytesText, countOf, countText, durationText, momentText } from "./measures.ts";
import type { ScanReport, TopEntry, UnreadableInput } from "./schemas.ts";

const MOST_BARS = 10;
const MOST_LINES = 200;

/** Who and what occurs most, as lists of bars. */
export function topLists(report: ScanReport): Part {
  const identities = report.identities.map((identity) => ({ ...identity, kind: ENTITY_KINDS[identity.kind] }));
  const lists = [topList("Identities", identities), topList("Addresses", report.addresses), topList("Services", report.services), topList("Operations", report.operations)];
  if (lists.every((list) => list === null)) return null;
  return html`<section aria-labelledby="top-h"><h2 id="top-h">Who and what is in these logs</h2><p class="note">By number of events. A number on the right says in how many findings it takes part.</p><div class="tops">${lists}</div></section>`;
}

function topList(name: string, entries: (TopEntry & { kind?: string })[]): Html | null {
  if (entries.length === 0) return null;
  const shown = entries.slice(0, MOST_BARS);
  const most = shown.reduce((peak, entry) => Math.max(peak, entry.count), 1);
  return html`<div><h3>${name}</h3><ol class="bars-list">${shown.map(
    (entry) => html`<li><div class="bar-label"><span class="bar-name">${shortText(entry.name, 80)}${entry.kind !== undefined && entry.kind !== "" && html` <span class="dim">${entry.kind}</span>`}</span><span class="bar-count">${entry.findings > 0 && html`<span class="involved">${countOf(entry.findings, "finding")}</span>`}${countText(entry.count)}</span></div><svg width="100%" height="4" aria-hidden="true"><rect class="track" width="100%" height="4" rx="2"/><rect class="fill" width="${Number(Math.max(0.6, (entry.count / most) * 100).toFixed(1))}%" height="4" rx="2"/></svg></li>`,
  )}</ol></div>`;
}

/** What was read and how much of it, and whether the counts add up. */
export function scanned(report: ScanReport): Html {
  const { read, stored, duplicate, dead } = report.counts;
  const adds = read === stored + duplicate + dead;
  return html`<section aria-labelledby="scan-h"><h2 id="scan-h">What was scanned</h2>
<p class="sum"><b>${countText(read)}</b> read <span class="op">${adds ? "=" : "≠"}</span> <b>${countText(stored)}</b> stored <span class="op">+</span> <b>${countText(duplicate)}</b> duplicate <span class="op">+</span> <b>${countText(dead)}</b> unreadable</p>
${!adds && html`<p class="warn" role="note">These counts do not add up. Please report this: part of the input may be missing from the findings.</p>`}
<p class="note">${bytesText(report.bytes)} of records in ${durationText(report.seconds * 1000)}. ${countOf(report.rules.count, "rule")} asked, ${countText(report.rules.matched)} matched, ${countOf(report.signals, "signal")}.</p>
<div class="wide" role="region" aria-label="Sources" tabindex="0"><table><thead><tr><th scope="col">Source</th><th scope="col" class="num">Events</th><th scope="col">First (UTC)</th><th scope="col">Last (UTC)</th></tr></thead><tbody>${report.sources.map(
    (source) => html`<tr><td>${shortText(source.source, 60)}</td><td class="num">${countText(source.events)}</td><td class="time">${moment(source.first)}</td><td class="time">${moment(source.last)}</td></tr>`,
  )}</tbody></table></div>
<h3>Inputs</h3><ul class="inputs">${report.inputs.slice(0, MOST_LINES).map((input) => html`<li>${shortText(input, 300)}</li>`)}${report.inputs.length > MOST_LINES && html`<li>and ${countText(report.inputs.length - MOST_LINES)} more</li>`}</ul>
</section>`;
}

/** What could not be read, with place and reason. */
export function unreadable(report: ScanReport): Html {
  const shown = report.unreadable.slice(0, MOST_LINES);
  if (shown.length === 0 && report.counts.dead === 0) {
    return html`<section aria-labelledby="lost-h"><h2 id="lost-h">What could not be read</h2><p>Nothing: every file and every record given was read.</p></section>`;
  }
  const left = Math.max(report.unreadable_total, shown.length) - shown.length;
  return html`<section aria-labelledby="lost-h"><h2 id="lost-h">What could not be read</h2>
<p class="note">${countOf(report.counts.dead, "record")} lost to parsing. Rules have not seen what is listed here.</p>
<div class="wide" role="region" aria-label="Unreadable input" tabindex="0"><table><thead><tr><th scope="col">Where</th><th scope="col">Why</th><th scope="col" class="num">Records</th></tr></thead><tbody>${shown.map(unreadableRow)}</tbody></table></div>
${left > 0 && html`<p class="note">and ${countOf(left, "more place")}.</p>`}</section>`;
}

function unreadableRow(input: UnreadableInput): Html {
  return html`<tr><td class="place">${shortText(input.file, 200)}${input.line !== null && `:${input.line}`}</td><td>${shortText(input.reason, 300)}</td><td class="num">${countText(input.count)}</td></tr>`;
}

function moment(time: string | null): Html {
  return time === null ? html`<span class="dim">–</span>` : timeText(time, momentText(time));
}

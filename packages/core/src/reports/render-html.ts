import { createHash } from "node:crypto";
import { timeChart } from "./chart.ts";
import type { RawBudget } from "./evidence.ts";
import { findingCard } from "./finding-card.ts";
import { furtherFindings, MOST_CARDS, overview } from "./finding-rows.ts";
import { headline } from "./headline.ts";
import { shortText, timeText } from "./hostile-text.ts";
import { html, trusted, type Part } from "./html.ts";
import { levelIcon, levelName, levelSymbols, levelTally, URGENT_FIRST } from "./levels.ts";
import { countOf, countText, momentText } from "./measures.ts";
import { scanned, topLists, unreadable } from "./scan-sections.ts";
import type { ScanReport } from "./schemas.ts";
import { story } from "./story.ts";
import { STYLE } from "./style.ts";
import { clipped, visible } from "../kernel/index.ts";

/** Characters of raw records in one report. */
const RAW_TOTAL = 6_000_000;

/**
 * The report as one HTML file: no script, no request to anywhere, readable offline, in print, in light and dark, by keyboard.
 * The content policy in it forbids everything but its own style sheet, by hash. All texts of the report are taken as hostile.
 */
export function renderHtml(report: ScanReport): string {
  const budget: RawBudget = { left: RAW_TOTAL };
  const lead = headline(report);
  const name = report.title ?? "Security findings";
  const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Corduroy ${report.version}">
<title>${visible(clipped(name, 80))}: ${visible(clipped(lead.sentence, 160))}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
${levelSymbols()}
<header class="top">
<p class="brand"><svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 2v16M8 2v16M13 2v16M18 2v16"/></svg><b>Corduroy</b> <span class="dim">${shortText(name, 120)}</span></p>
<p class="made">${timeText(report.generated, momentText(report.generated))} UTC</p>
</header>
<main id="main">
<section class="lead" aria-labelledby="lead-h">
<h1 id="lead-h">${shortText(lead.sentence, 320)}</h1>
<p>${shortText(lead.detail, 600)}</p>
${tally(report)}
</section>
${inTime(report)}
${story(report)}
${findings(report, budget)}
${furtherFindings(report)}
${topLists(report)}
${scanned(report)}
${unreadable(report)}
</main>
<footer class="end">Made by Corduroy ${report.version}. This file holds excerpts of your logs: share it as you would share them. Times are UTC.</footer>
</body>
</html>
`;
  return page.toString();
}

function tally(report: ScanReport): Part {
  if (report.findings.length === 0) return null;
  const counts = new Map(levelTally(report.findings));
  return html`<ul class="tally">${URGENT_FIRST.map((level) => {
    const n = counts.get(level) ?? 0;
    const first = report.findings.findIndex((finding) => finding.level === level);
    const text = html`<b>${levelIcon(level)}${countText(n)}</b><span>${levelName(level)}</span>`;
    return html`<li class="${level}">${n > 0 && first < MOST_CARDS ? html`<a href="#f${first + 1}">${text}</a>` : html`<div class="${n === 0 && "none"}">${text}</div>`}</li>`;
  })}</ul>`;
}

function inTime(report: ScanReport): Part {
  const chart = timeChart(report);
  return chart !== null && html`<section aria-labelledby="time-h"><h2 id="time-h">${report.findings.length > 0 ? "How it unfolded" : "Events in time"}</h2>${chart}</section>`;
}

function findings(report: ScanReport, budget: RawBudget): Part {
  if (report.findings.length === 0) {
    return html`<section class="empty" aria-labelledby="none-h"><h2 id="none-h">No findings</h2><p>Nothing matched ${countOf(report.rules.count, "rule")} in ${countOf(report.counts.read, "event")}. That is good news as far as these rules and these logs reach: what was not logged, not given or not readable cannot match.</p></section>`;
  }
  return html`<section aria-labelledby="find-h"><h2 id="find-h">${countOf(report.findings.length, "finding")}, in the order to read them</h2>${overview(report)}</section>
<section class="cards" aria-labelledby="cards-h"><h2 id="cards-h">Finding by finding</h2>
${report.findings.slice(0, MOST_CARDS).map((finding, i) => findingCard(finding, i + 1, budget))}
</section>`;
}

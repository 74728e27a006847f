import type { Finding } from "../findings/index.ts";
import { tacticOf, techniqueOf, techniqueUrl } from "./attack.ts";
import { evidenceTable, type RawBudget } from "./evidence.ts";
import { findingHistogram } from "./histogram.ts";
import { longText, reference, shortText, timeText } from "./hostile-text.ts";
import { html, type Html, type Part } from "./html.ts";
import { levelIcon, levelName } from "./levels.ts";
import { countOf, durationText, momentText } from "./measures.ts";

/** What a kind of entity is called in front of its name; `many` and `unknown` say nothing. */
export const ENTITY_KINDS: Record<Finding["entity"]["kind"], string> = {
  user: "user",
  person: "person",
  role: "role",
  service: "service",
  address: "address",
  account: "account",
  resource: "resource",
  unknown: "",
  many: "",
};

/** One finding in full: what happened, who, where, when, what to check and do, and the evidence. `number` is its place in the report, from 1. */
export function findingCard(finding: Finding, number: number, budget: RawBudget): Html {
  const { rule } = finding;
  return html`<article class="card ${finding.level}" id="f${number}" aria-labelledby="t${number}">
<header>
<p class="kicker"><span class="level ${finding.level}">${levelIcon(finding.level)}${levelName(finding.level)}</span>${attack(finding)}<a class="number" href="#f${number}" aria-label="Link to finding ${number}">${number}</a></p>
<h3 id="t${number}">${shortText(finding.title, 240)}</h3>
<p class="when">${when(finding)}</p>
</header>
<div class="cols">
<div>
<dl class="facts">
${finding.title.length > 240 && fact("Full title", longText(finding.title, 240))}
${fact("Who", html`${longText(finding.entity.name, 120)}${ENTITY_KINDS[finding.entity.kind] !== "" && html` <span class="dim">${ENTITY_KINDS[finding.entity.kind]}</span>`}`)}
${values("From", finding.addresses)}
${values("On", finding.resources)}
${values("Did", finding.operations)}
${values("Outcome", finding.outcomes)}
${values("Access key", finding.access_keys)}
${values("Account", finding.accounts)}
${values("Region", finding.regions)}
${values("Client", finding.user_agents)}
</dl>
${findingHistogram(finding)}
</div>
<div class="advice">
${rule.check.length > 0 && html`<h4>What to check</h4><ol>${rule.check.map(item)}</ol>`}
${rule.respond.length > 0 && html`<h4>What to do if it is real</h4><ol>${rule.respond.map(item)}</ol>`}
${rule.falsepositives.length > 0 && html`<h4>Likely benign when</h4><ul>${rule.falsepositives.map(item)}</ul>`}
</div>
</div>
${finding.samples.length > 0 && html`<h4>Evidence</h4>${evidenceTable(finding.samples, budget)}`}
<footer>
<div><h4>Why this rule</h4><div>${longText(rule.description, 600)}</div></div>
${rule.references.length > 0 && html`<div><h4>References</h4><ul>${rule.references.slice(0, 12).map((text) => html`<li>${reference(text)}</li>`)}</ul></div>`}
<p class="ids">Rule <b>${shortText(rule.title, 120)}</b> <code>${shortText(rule.id, 60)}</code> · Finding <code>${shortText(finding.id, 40)}</code></p>
</footer>
</article>`;
}

function attack(finding: Finding): Part {
  const tactics = finding.tactics.slice(0, 6).map((text) => html`<span class="tactic">${shortText(tacticOf(text).name, 40)}</span>`);
  const techniques = finding.techniques.slice(0, 8).map((text) => {
    const id = techniqueOf(text);
    return id === null ? html`<span class="technique">${shortText(text, 40)}</span>` : html`<a class="technique" href="${techniqueUrl(id)}" rel="noreferrer noopener">${id}</a>`;
  });
  return [...tactics, ...techniques];
}

function when(finding: Finding): Html {
  const length = Date.parse(finding.last_seen) - Date.parse(finding.first_seen);
  const many = finding.count > 1;
  return html`<b>${countOf(finding.count, "signal")}</b>${many && length >= 1000 && html` in ${durationText(length)}`} · ${timeText(finding.first_seen, momentText(finding.first_seen))}${many && length > 0 && html` – ${timeText(finding.last_seen, untilText(finding))}`} UTC`;
}

/** The day is not said twice. */
function untilText(finding: Finding): string {
  const text = momentText(finding.last_seen);
  return finding.first_seen.slice(0, 10) === finding.last_seen.slice(0, 10) ? text.slice(text.lastIndexOf(" ") + 1) : text;
}

function values(name: string, texts: string[]): Part {
  return texts.length > 0 && fact(name, html`<ul class="values">${texts.map((text) => html`<li>${longText(text, 110)}</li>`)}</ul>`);
}

function fact(name: string, value: Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function item(text: string): Html {
  return html`<li>${longText(text, 500)}</li>`;
}

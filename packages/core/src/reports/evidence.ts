import type { SampleEvent } from "../findings/index.ts";
import { shortText, timeText } from "./hostile-text.ts";
import { html, type Html } from "./html.ts";
import { momentText } from "./measures.ts";
import { prettyJson } from "./pretty-json.ts";
import { clipped } from "../kernel/index.ts";

/** The most of one record that is written into a report. */
const RAW_LIMIT = 8192;

/** How many characters of raw records may still be written: a report with hundreds of findings must stay a file that opens. */
export interface RawBudget {
  left: number;
}

/** The sample events of a finding as a table, each with its record behind a disclosure while the budget lasts. */
export function evidenceTable(samples: SampleEvent[], budget: RawBudget): Html {
  return html`<div class="wide" role="region" aria-label="Evidence" tabindex="0"><table class="evidence">
<thead><tr><th scope="col">Time (UTC)</th><th scope="col">Operation</th><th scope="col">By</th><th scope="col">From</th><th scope="col">On</th><th scope="col">Outcome</th></tr></thead>
${samples.map((sample) => sampleRows(sample, budget))}
</table></div>`;
}

function sampleRows(sample: SampleEvent, budget: RawBudget): Html {
  const failed = sample.outcome !== null && sample.outcome !== "success";
  return html`<tbody><tr>
<td data-label="Time">${timeText(sample.time, momentText(sample.time))}</td>
<td data-label="Operation"><b>${cell(sample.operation)}</b>${sample.service !== null && html`<br><span class="dim">${shortText(sample.service, 60)}</span>`}</td>
<td data-label="By">${cell(sample.actor)}</td>
<td data-label="From">${cell(sample.address)}${sample.region !== null && html`<br><span class="dim">${shortText(sample.region, 40)}</span>`}</td>
<td data-label="On">${cell(sample.resource)}${sample.account !== null && html`<br><span class="dim">${shortText(sample.account, 40)}</span>`}</td>
<td data-label="Outcome"${failed && html` class="failed"`}>${cell(sample.outcome)}</td>
</tr><tr class="record"><td colspan="6">${record(sample, budget)}</td></tr></tbody>`;
}

function record(sample: SampleEvent, budget: RawBudget): Html {
  const place = html`<span class="place">${shortText(sample.file, 200)}:${sample.line}</span>`;
  const raw = clipped(sample.raw, RAW_LIMIT);
  if (raw.length > budget.left) return html`<div class="left-out">Record at ${place}, left out here to keep this file small</div>`;
  budget.left -= raw.length;
  return html`<details class="raw"><summary>Record at ${place}</summary>${sample.user_agent !== null && html`<div class="note">User agent: ${shortText(sample.user_agent, 300)}</div>`}<pre>${prettyJson(raw).map((piece) => (piece.key ? html`<i>${piece.text}</i>` : piece.text))}</pre></details>`;
}

function cell(value: string | null): Html {
  return value === null ? html`<span class="dim">–</span>` : shortText(value, 90);
}

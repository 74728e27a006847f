import type { FindingDetail } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { Axis } from "../parts/Axis.tsx";
import { Hostile, Json } from "../parts/Hostile.tsx";
import { countOf } from "../parts/measures.ts";
import { Panel } from "../parts/Page.tsx";
import { Volume } from "../parts/Volume.tsx";
import { Moment } from "../parts/When.tsx";
import { hoursBetween } from "./hours.ts";

const FACTS = [["accounts", "Accounts"], ["addresses", "Addresses"], ["regions", "Regions"], ["operations", "Operations"], ["resources", "Resources"], ["outcomes", "Outcomes"], ["accessKeys", "Access keys"], ["userAgents", "Programs"]] as const;
const FIRST = 6;

/** What was seen: when, by whom, on what; and some of the events themselves. */
export function Evidence({ finding }: { finding: FindingDetail }): ReactNode {
  const { evidence } = finding;
  const hours = hoursBetween(evidence.histogram);
  return (
    <>
      <Panel title="Evidence">
        {hours.length > 1 && (
          <figure className={finding.level}>
            <Volume hours={hours} className="hours" what="match" />
            <figcaption>
              <Axis from={hours[0]?.[0]} to={hours.at(-1)?.[0]} />
            </figcaption>
          </figure>
        )}
        <dl className="facts">
          <div>
            <dt>Entity</dt>
            <dd>
              <Hostile text={finding.entity.name} /> <span className="dim">{finding.entity.kind}</span>
            </dd>
          </div>
          {FACTS.map(([name, title]) => evidence[name].length > 0 && (
            <div key={name}>
              <dt>{title}</dt>
              <dd>
                <Values values={evidence[name]} />
              </dd>
            </div>
          ))}
        </dl>
      </Panel>
      <Panel title={`Events (${evidence.samples.length} of ${countOf(finding.count, "match", "matches")})`}>
        {evidence.samples.length === 0 && <p className="dim">No event was kept as a sample.</p>}
        {evidence.samples.map((sample) => (
          <SampleEvent key={sample.event_uid} sample={sample} />
        ))}
      </Panel>
    </>
  );
}

function Values({ values }: { values: string[] }): ReactNode {
  const [all, setAll] = useState(false);
  return (
    <ul className="values">
      {(all ? values : values.slice(0, FIRST)).map((value) => (
        <li key={value}>
          <Hostile text={value} />
        </li>
      ))}
      {!all && values.length > FIRST && (
        <li>
          <button type="button" className="linky" onClick={() => setAll(true)}>
            {values.length - FIRST} more
          </button>
        </li>
      )}
    </ul>
  );
}

function SampleEvent({ sample }: { sample: FindingDetail["evidence"]["samples"][number] }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details className="sample" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span>
          <b>{sample.operation ?? "event"}</b> {sample.resource !== null && <Hostile text={sample.resource} limit={120} />} {sample.outcome !== null && sample.outcome !== "success" && <span className="bad">{sample.outcome}</span>}
          <small>
            {[sample.service, sample.account, sample.region, sample.address].filter((part) => part !== null).map((part, i) => (
              <span key={i}>{i > 0 && " · "}<Hostile text={part} limit={80} /></span>
            ))}
          </small>
        </span>
        <span className="nowrap"><Moment time={sample.time} /> <span className="dim small">UTC</span></span>
      </summary>
      {open && (
        <>
          <p className="small dim">
            <Hostile text={`${sample.file}:${sample.line}`} />
          </p>
          <Json text={sample.raw} />
        </>
      )}
    </details>
  );
}

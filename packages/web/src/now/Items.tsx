import type { api, FindingSummary, ResponseOf } from "@corduroy/contract";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { stateName } from "../findings/names.ts";
import { Hostile } from "../parts/Hostile.tsx";
import { LevelMark } from "../parts/LevelMark.tsx";
import { countOf, dueText } from "../parts/measures.ts";
import { Ago, Moment, useNow } from "../parts/When.tsx";

type Item = ResponseOf<typeof api.findings.now>["items"][number];

const FIRST = 6;

/** What needs a decision, the first thing first; each with what the same decision settles. */
export function Items({ items }: { items: Item[] }): ReactNode {
  return (
    <ol className="now">
      {items.map((item) => (
        <Decision key={item.finding.id} item={item} />
      ))}
    </ol>
  );
}

function Decision({ item: { finding, why, together } }: { item: Item }): ReactNode {
  const now = useNow();
  return (
    <li className={finding.level} data-finding={finding.id}>
      <LevelMark level={finding.level} />
      <Link to="/findings/$id" params={{ id: finding.id }} data-open>
        <Hostile text={finding.title} />
      </Link>
      <span className="times">
        <Ago time={finding.lastSeen} />
      </span>
      <p className="why">
        {why} {finding.news.map((news) => <span key={news} className="tag news">{news}</span>)}
      </p>
      <p className="about">
        <Hostile text={finding.entity.name} limit={80} /> · {finding.team ?? "no team"} · {finding.owner?.name ?? "no owner"} · {stateName(finding.state)}
        {finding.dueAt !== null && <> · <span className={Date.parse(finding.dueAt) < now ? "late" : undefined}>{dueText(finding.dueAt, now)}</span></>}
      </p>
      {together.length > 0 && <Together lead={finding} findings={together} />}
    </li>
  );
}

/** The rest of the same story, in order of time. */
function Together({ lead, findings }: { lead: FindingSummary; findings: FindingSummary[] }): ReactNode {
  const [all, setAll] = useState(false);
  const more = findings.length - FIRST;
  return (
    <ol className="together" aria-label={`${countOf(findings.length, "more finding")} of the same story`}>
      {(all ? findings : findings.slice(0, FIRST)).map((finding) => (
        <li key={finding.id} className={finding.level} data-finding={finding.id}>
          <LevelMark level={finding.level} />
          <span>
            <Link to="/findings/$id" params={{ id: finding.id }} data-open>
              {finding.rule.title}
            </Link>
            {finding.entity.key !== lead.entity.key && <> by <Hostile text={finding.entity.name} limit={80} /></>}
            {finding.count > 1 && <span className="dim">, {countOf(finding.count, "match", "matches")}</span>}
          </span>
          <span className="dim small">
            <Moment time={finding.firstSeen} /> UTC
          </span>
        </li>
      ))}
      {!all && more > 0 && (
        <li>
          <button type="button" className="linky" onClick={() => setAll(true)}>
            {more} more of the same story
          </button>
        </li>
      )}
    </ol>
  );
}

import { type FindingFilter, type FindingSummary } from "@corduroy/contract";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { useSession } from "../app/session.ts";
import { Hostile } from "../parts/Hostile.tsx";
import { LevelMark } from "../parts/LevelMark.tsx";
import { countText, dueText } from "../parts/measures.ts";
import { Ago, useNow } from "../parts/When.tsx";
import { isActive, isOverdue, letsThrough } from "./filter.ts";
import { FocusedActions } from "./FocusedActions.tsx";
import { stateName } from "./names.ts";

/** The finding that was opened last: going back, the focus is on its row again. */
let lastOpened = "";

/** The dense list: what, who, since when, how often. */
export function FindingTable({ findings, filter }: { findings: readonly FindingSummary[]; filter: FindingFilter }): ReactNode {
  const me = useSession()?.user.id ?? "";
  const now = useNow();
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => {
    table.current?.querySelector<HTMLElement>(`[data-finding="${CSS.escape(lastOpened)}"] a`)?.focus();
    lastOpened = "";
  }, []);
  return (
    <div className="list-box">
      <table ref={table} className="list findings" role="table" aria-label="Findings">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">
              <span className="unseen">Level</span>
            </th>
            {["Finding", "Entity", "Team, owner"].map((name) => (
              <th key={name} role="columnheader" scope="col">
                {name}
              </th>
            ))}
            <th role="columnheader" scope="col">State</th>
            <th role="columnheader" scope="col" className="num">Last seen</th>
            <th role="columnheader" scope="col" className="num">Matches</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {findings.map((finding) => (
            <Row key={finding.id} finding={finding} now={now} gone={!letsThrough(filter, finding, me, now)} />
          ))}
        </tbody>
      </table>
      <FocusedActions findings={findings} />
    </div>
  );
}

/** `gone`: it has changed and does not fit the filter any more, but stays where it is until the list is loaded again. */
function Row({ finding, now, gone }: { finding: FindingSummary; now: number; gone: boolean }): ReactNode {
  const late = isOverdue(finding, now);
  return (
    <tr role="row" data-finding={finding.id} className={gone ? "gone" : undefined}>
      <td role="cell" className="mark">
        <LevelMark level={finding.level} />
      </td>
      <td role="cell" className="what">
        <Link to="/findings/$id" params={{ id: finding.id }} data-open onClick={() => (lastOpened = finding.id)}>
          <Hostile text={finding.title} />
        </Link>{" "}
        {finding.news.map((news) => (
          <span key={news} className="tag news">
            {news}
          </span>
        ))}
        {finding.suppressed && <span className="tag">suppressed</span>}
        <small>
          {finding.priority.toUpperCase()} · {finding.priorityWhy}
        </small>
      </td>
      <td role="cell" className="who">
        <Hostile text={finding.entity.name} limit={80} />
      </td>
      <td role="cell" className="who">
        {finding.team ?? <span className="dim">no team</span>}, {finding.owner?.name ?? <span className="dim">no owner</span>}
      </td>
      <td role="cell" className="who state">
        {stateName(finding.state)}
        {finding.dueAt !== null && isActive(finding) && <span className={late ? "late" : "dim"}> {dueText(finding.dueAt, now)}</span>}
      </td>
      <td role="cell" className="num times">
        <Ago time={finding.lastSeen} />
      </td>
      <td role="cell" className="num wide-only">
        {countText(finding.count)}
      </td>
    </tr>
  );
}

import { type FindingFilter, type FindingSummary } from "@corduroy/contract";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useSession } from "../app/session.ts";
import { useKeys } from "../keys/useKeys.ts";
import { Hostile } from "../parts/Hostile.tsx";
import { LevelMark } from "../parts/LevelMark.tsx";
import { countText, dueText } from "../parts/measures.ts";
import { Ago, useNow } from "../parts/When.tsx";
import { CloseDialog } from "./CloseDialog.tsx";
import { letsThrough } from "./filter.ts";
import { stateName } from "./names.ts";
import { useFindingVerbs } from "./verbs.ts";

/** The finding that was opened last: going back, the focus is on its row again. */
let lastOpened = "";

/** The dense list: what, who, since when, how often. */
export function FindingTable({ findings, filter }: { findings: readonly FindingSummary[]; filter: FindingFilter }): ReactNode {
  const me = useSession()?.user.id ?? "";
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
            <Row key={finding.id} finding={finding} gone={!letsThrough(filter, finding, me)} />
          ))}
        </tbody>
      </table>
      <FocusedActions findings={findings} />
    </div>
  );
}

/** `gone`: it has changed and does not fit the filter any more, but stays where it is until the list is loaded again. */
function Row({ finding, gone }: { finding: FindingSummary; gone: boolean }): ReactNode {
  const now = useNow();
  const late = finding.dueAt !== null && Date.parse(finding.dueAt) < now;
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
        {finding.dueAt !== null && <span className={late ? "late" : "dim"}> {dueText(finding.dueAt, now)}</span>}
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

/** Keys that act on the row with the focus. */
function FocusedActions({ findings }: { findings: readonly FindingSummary[] }): ReactNode {
  const [acting, setActing] = useState<{ id: string; on: "close" | "assign" } | null>(null);
  const focused = (on: "close" | "assign") => (): void => {
    const id = document.activeElement?.closest<HTMLElement>("[data-finding]")?.dataset.finding;
    if (id !== undefined) setActing({ id, on });
  };
  useKeys({ e: focused("close"), a: focused("assign") });
  const finding = findings.find(({ id }) => id === acting?.id);
  if (acting === null || finding === undefined) return null;
  const end = (): void => setActing(null);
  return acting.on === "close" ? <CloseDialog finding={finding} onClose={end} /> : <Assign finding={finding} onDone={end} />;
}

/** Assigns once, and is gone. */
function Assign({ finding, onDone }: { finding: FindingSummary; onDone: () => void }): ReactNode {
  const { assignToMe } = useFindingVerbs(finding);
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    assignToMe();
    onDone();
  });
  return null;
}

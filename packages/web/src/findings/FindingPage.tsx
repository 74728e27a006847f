import { api, type FindingDetail } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useRef, useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { OwningTeam, useWhyNot } from "../app/session.ts";
import { useKeys } from "../keys/useKeys.ts";
import { complain } from "../app/notices.ts";
import { Button } from "../parts/Button.tsx";
import { Hostile } from "../parts/Hostile.tsx";
import { visibleText } from "../parts/pieces.ts";
import { LevelName } from "../parts/LevelMark.tsx";
import { countOf } from "../parts/measures.ts";
import { Loaded, Missing } from "../parts/States.tsx";
import { Ago, Moment } from "../parts/When.tsx";
import { CloseDialog } from "./CloseDialog.tsx";
import { Evidence } from "./Evidence.tsx";
import { isActive, NO_FILTER } from "./filter.ts";
import { stateName } from "./names.ts";
import { People } from "./People.tsx";
import { Related } from "./Related.tsx";
import { ReopenDialog } from "./ReopenDialog.tsx";
import { SuppressDialog } from "./SuppressDialog.tsx";
import { Timeline } from "./Timeline.tsx";
import { hashOfSql } from "../search/link.ts";
import { useFindingVerbs } from "./verbs.ts";
import { WhatToDo } from "./WhatToDo.tsx";
import { PageHead } from "../parts/Page.tsx";

/** One finding, with all that is needed to decide about it. */
export function FindingPage(): ReactNode {
  const { id } = useParams({ from: "/app/findings/$id" });
  const query = useQuery({ queryKey: ["finding", id], queryFn: () => call(api.findings.get, { params: { id } }) });
  return (
    <Loaded query={query} rows={6} height={120} missing={<Missing what="finding"><Link to="/findings" search={{ ...NO_FILTER, state: "all" }}>All findings</Link></Missing>}>
      {(finding) => <Whole key={id} finding={finding} />}
    </Loaded>
  );
}

function Whole({ finding }: { finding: FindingDetail }): ReactNode {
  const comment = useRef<HTMLTextAreaElement>(null);
  return (
    <OwningTeam value={finding.team}>
      <Head finding={finding} onComment={() => comment.current?.focus()} />
      <div className="finding-cols">
        <div className="stack">
          <WhatToDo finding={finding} />
        </div>
        <div className="stack">
          <Evidence finding={finding} />
          <Related finding={finding} />
        </div>
        <div className="stack">
          <People finding={finding} />
          <Timeline finding={finding} field={comment} />
        </div>
      </div>
    </OwningTeam>
  );
}

const NO_EVENTS = "It is about the catalog: there are no events behind it.";

type Asking = "close" | "reopen" | "suppress" | null;

function Head({ finding, onComment }: { finding: FindingDetail; onComment: () => void }): ReactNode {
  const [asking, setAsking] = useState<Asking>(null);
  const verbs = useFindingVerbs(finding);
  const navigate = useNavigate();
  const noTriage = useWhyNot("findings.triage");
  const active = isActive(finding);
  const done = (): void => setAsking(null);
  const mark = (state: "triaged" | "in_progress"): void => (noTriage === null ? verbs.change({ state }, `Marked as ${stateName(state).toLowerCase()}.`) : complain(noTriage));
  const search = (): void => (finding.sql === null ? complain(NO_EVENTS) : void navigate({ to: "/search", hash: hashOfSql(finding.sql).slice(1), state: { run: true } }));
  const closed = active ? null : `It is closed as ${stateName(finding.state).toLowerCase()}. Open it again first.`;
  useKeys({
    a: verbs.assignToMe,
    c: onComment,
    s: () => setAsking("suppress"),
    x: search,
    e: () => setAsking(active ? "close" : "reopen"),
    t: () => active && mark("triaged"),
    p: () => active && mark("in_progress"),
  });
  return (
    <header className="finding-head">
      <p className="kicker">
        <LevelName level={finding.level} />
        <span>
          <b>{finding.priority.toUpperCase()}</b>: {finding.priorityWhy}
        </span>
        <b>{stateName(finding.state)}</b>
        {finding.acceptedUntil !== null && <span>until <Moment time={finding.acceptedUntil} /> UTC</span>}
        {finding.duplicateOf !== null && <span>of <Link to="/findings/$id" params={{ id: finding.duplicateOf }}>{finding.duplicateOf}</Link></span>}
        {finding.news.map((news) => <span key={news} className="tag news">{news}</span>)}
        {finding.suppressed && <span className="tag">suppressed</span>}
      </p>
      <PageHead title={visibleText(finding.title)} />
      <p className="kicker">
        <span>{countOf(finding.count, "match", "matches")}</span>
        <span>first <Moment time={finding.firstSeen} /> UTC</span>
        <span>last <Moment time={finding.lastSeen} /> UTC (<Ago time={finding.lastSeen} />)</span>
        <span>entity <Hostile text={finding.entity.name} /></span>
        <span>{finding.environment === "unknown" ? "environment unknown" : `in ${finding.environment}`}</span>
      </p>
      <div className="acts" role="group" aria-label="Actions">
        <Button needs="findings.triage" keys="a" busy={verbs.busy} onClick={verbs.assignToMe}>Assign to me</Button>
        <Button needs="findings.triage" keys="t" pressed={finding.state === "triaged"} why={closed} onClick={() => mark("triaged")}>Triaged</Button>
        <Button needs="findings.triage" keys="p" pressed={finding.state === "in_progress"} why={closed} onClick={() => mark("in_progress")}>In progress</Button>
        {active ? <Button look="main" needs="findings.close" keys="e" onClick={() => setAsking("close")}>Close…</Button> : <Button look="main" needs="findings.triage" keys="e" onClick={() => setAsking("reopen")}>Open again…</Button>}
        <Button needs="suppressions.write" keys="s" onClick={() => setAsking("suppress")}>Suppress…</Button>
        <Button needs="findings.comment" keys="c" onClick={onComment}>Comment</Button>
        <Button needs="lake.query" keys="x" why={finding.sql === null ? NO_EVENTS : null} onClick={search}>Open in search</Button>
      </div>
      {asking === "close" && <CloseDialog finding={finding} onClose={done} />}
      {asking === "reopen" && <ReopenDialog finding={finding} onClose={done} />}
      {asking === "suppress" && <SuppressDialog finding={finding} onClose={done} />}
    </header>
  );
}


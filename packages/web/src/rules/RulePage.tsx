import { api, type RuleDetail } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { NO_FILTER } from "../findings/filter.ts";
import { Axis } from "../parts/Axis.tsx";
import { LevelName } from "../parts/LevelMark.tsx";
import { countOf, countText } from "../parts/measures.ts";
import { PageHead, Panel } from "../parts/Page.tsx";
import { Loaded, Missing } from "../parts/States.tsx";
import { Volume } from "../parts/Volume.tsx";
import { WebLink } from "../parts/WebLink.tsx";
import { Ago } from "../parts/When.tsx";
import { hashOfSql } from "../search/link.ts";
import { Precision } from "./Precision.tsx";

/** One rule: what it looks for, how it does, and its source. */
export function RulePage(): ReactNode {
  const { id } = useParams({ from: "/app/rules/$id" });
  const query = useQuery({ queryKey: ["rule", id], queryFn: () => call(api.rules.get, { params: { id } }) });
  return (
    <Loaded query={query} rows={5} height={110} missing={<Missing what="rule"><Link to="/rules">All rules</Link></Missing>}>
      {(rule) => (
        <>
          <PageHead title={rule.title} about={<LevelName level={rule.level} />}>
            <Link to="/findings" search={{ ...NO_FILTER, state: "all", rule: rule.id }} className="button">
              Its findings
            </Link>
            <Link to="/search" hash={hashOfSql(signalsOf(rule.id)).slice(1)} state={{ run: true }} className="button">
              Its signals in search
            </Link>
          </PageHead>
          <div className="two">
            <Source rule={rule} />
            <About rule={rule} />
          </div>
        </>
      )}
    </Loaded>
  );
}

function signalsOf(id: string): string {
  return `select *\nfrom signals\nwhere rule_id = '${id.replaceAll("'", "''")}'\norder by time desc\nlimit 200`;
}

function About({ rule }: { rule: RuleDetail }): ReactNode {
  return (
    <div className="stack">
      <Panel title="How it does">
        {rule.volume.length > 1 && (
          <>
            <Volume hours={rule.volume} className="volume" what="match" />
            <Axis from={rule.volume[0]?.[0]} to={rule.volume.at(-1)?.[0]} />
          </>
        )}
        <dl className="facts">
          <div><dt>Matches</dt><dd>{countText(rule.signals24h)} in 24 h, {countText(rule.signals7d)} in 7 days</dd></div>
          <div><dt>Findings</dt><dd>{countText(rule.findings)}, {countText(rule.active)} active</dd></div>
          <div><dt>Precision</dt><dd><Precision share={rule.precision} /></dd></div>
          <div><dt>Last match</dt><dd><Ago time={rule.lastMatchAt} /></dd></div>
          <div><dt>Status</dt><dd>{rule.status}</dd></div>
          <div><dt>Source</dt><dd>{rule.source}</dd></div>
          <div><dt>Tags</dt><dd>{rule.tags.map((tag) => <span key={tag}><span className="tag">{tag}</span> </span>)}</dd></div>
          {rule.author !== null && <div><dt>Author</dt><dd>{rule.author}</dd></div>}
        </dl>
      </Panel>
      <Panel title="What it looks for">
        <p>{rule.description}</p>
        {rule.falsePositives.length > 0 && <h3 className="dim">May be harmless when</h3>}
        <ul className="bullets">{rule.falsePositives.map((each, i) => <li key={i}>{each}</li>)}</ul>
        <ul className="bullets small">{rule.references.map((url) => <li key={url}><WebLink url={url} /></li>)}</ul>
      </Panel>
    </div>
  );
}

function Source({ rule }: { rule: RuleDetail }): ReactNode {
  const [tests, setTests] = useState(false);
  const text = tests ? (rule.testText ?? "") : rule.text;
  return (
    <section className="panel stack">
      <div className="tabs" role="tablist" aria-label="File">
        <button type="button" role="tab" aria-selected={!tests} onClick={() => setTests(false)}>Rule</button>
        <button type="button" role="tab" aria-selected={tests} onClick={() => setTests(true)}>{`Tests (${countOf(rule.tests, "case")})`}</button>
      </div>
      <p className="small dim mono">{rule.file}</p>
      {tests && rule.testText === null ? <p>This rule has no tests yet.</p> : <pre className="code" tabIndex={0} aria-label={tests ? "Tests" : "Rule"}>{text}</pre>}
    </section>
  );
}

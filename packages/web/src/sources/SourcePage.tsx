import type { Source } from "@corduroy/contract";
import { Link, useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { Axis } from "../parts/Axis.tsx";
import { Button } from "../parts/Button.tsx";
import { bytesText, countText, moneyText, spanText } from "../parts/measures.ts";
import { PageHead, Panel } from "../parts/Page.tsx";
import { Loaded, Missing } from "../parts/States.tsx";
import { Volume } from "../parts/Volume.tsx";
import { Ago } from "../parts/When.tsx";
import { hashOfSql } from "../search/link.ts";
import { AddCollector } from "./AddCollector.tsx";
import { Collectors } from "./Collectors.tsx";
import { DeadLetters } from "./DeadLetters.tsx";
import { useSources } from "./useSources.ts";

/** One source: its volume, what brings its events, and what could not be read. */
export function SourcePage(): ReactNode {
  const { id } = useParams({ from: "/app/sources/$id" });
  const sources = useSources();
  const [adding, setAdding] = useState(false);
  return (
    <Loaded query={sources} rows={4} height={120}>
      {({ items }) => {
        const source = items.find((each) => each.id === id);
        if (source === undefined) return <Missing what="source"><Link to="/sources">All sources</Link></Missing>;
        return (
          <>
            <PageHead title={source.id} about={<>last event <Ago time={source.lastEventAt} /></>}>
              <Link to="/search" hash={hashOfSql(eventsOf(source.id)).slice(1)} state={{ run: true }} className="button">Its events in search</Link>
              <Button needs="sources.write" onClick={() => setAdding(true)}>Add a collector…</Button>
            </PageHead>
            <div className="two">
              <div className="stack">
                <Panel title="Events received in each hour">
                  <Volume hours={source.volume} className="volume" />
                  <Axis from={source.volume[0]?.[0]} to={source.volume.at(-1)?.[0]} />
                </Panel>
                <Collectors source={source} />
              </div>
              <Facts source={source} />
            </div>
            <DeadLetters source={source.id} dead={source.dead} />
            {adding && <AddCollector source={source.id} onClose={() => setAdding(false)} />}
          </>
        );
      }}
    </Loaded>
  );
}

function eventsOf(source: string): string {
  return `select time, operation, entity_name, address, outcome\nfrom events\nwhere source = '${source.replaceAll("'", "''")}'\norder by time desc\nlimit 200`;
}

const RHYTHMS = { none: "nothing came yet", learning: "still being learned", speaking: "as usual", quiet: "silent for longer than usual" } as const;

function Facts({ source }: { source: Source }): ReactNode {
  return (
    <Panel title="In the lake">
      <dl className="facts">
        <div><dt>Events</dt><dd>{countText(source.events)}, {countText(source.events24h)} in 24 h</dd></div>
        <div><dt>Received</dt><dd><Ago time={source.lastReceivedAt} /></dd></div>
        <div><dt>Rhythm</dt><dd className={source.rhythm === "quiet" ? "bad" : undefined}>{RHYTHMS[source.rhythm ?? "none"]}</dd></div>
        <div><dt>Lag</dt><dd>{source.lagSeconds === null ? "none yet" : spanText(source.lagSeconds * 1000)} from receipt to the lake</dd></div>
        <div><dt>Duplicates</dt><dd>{countText(source.duplicates)}, counted and not stored again</dd></div>
        <div><dt>Dead</dt><dd className={source.dead > 0 ? "bad" : undefined}>{countText(source.dead)} could not be read at first</dd></div>
        {source.failures.length > 0 && <div><dt>Why</dt><dd>{source.failures.map(({ reason, count }) => `${reason} ${countText(count)}`).join(", ")}, since the service was started</dd></div>}
        <div><dt>Size</dt><dd>{bytesText(source.bytes)} in {countText(source.parts)} parts</dd></div>
        <div><dt>Cost</dt><dd>{moneyText(source.monthlyCost)} a month, at the list price of object storage</dd></div>
        <div><dt>Kept</dt><dd>{source.retentionDays === null ? "for ever" : `${countText(source.retentionDays)} days`} (<Link to="/settings/$section" params={{ section: "retention" }}>change</Link>)</dd></div>
      </dl>
    </Panel>
  );
}

import type { Source } from "@corduroy/contract";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { Button } from "../parts/Button.tsx";
import { bytesText, countText, moneyText, shortCount, spanText } from "../parts/measures.ts";
import { PageHead } from "../parts/Page.tsx";
import { Loaded } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { Volume } from "../parts/Volume.tsx";
import { Ago } from "../parts/When.tsx";
import { AddCollector } from "./AddCollector.tsx";
import { FirstSteps } from "./FirstSteps.tsx";
import { Quarantine } from "./Quarantine.tsx";
import { useSources } from "./useSources.ts";

/** Where events come from, and whether they still do. */
export function SourcesPage(): ReactNode {
  const sources = useSources();
  const [adding, setAdding] = useState(false);
  return (
    <>
      <PageHead title="Sources" about="Where events come from, and whether they still do.">
        <Button needs="sources.write" onClick={() => setAdding(true)}>
          Add a collector…
        </Button>
      </PageHead>
      <Loaded query={sources} rows={6} height={48}>
        {({ items, quarantined }) => (
          <>
            {quarantined > 0 && <Quarantine segments={quarantined} />}
            {!items.some(isUsed) && <FirstSteps />}
            {items.some(isUsed) && <SourceTable sources={items.filter(isUsed)} />}
            {!items.every(isUsed) && <Others sources={items.filter((source) => !isUsed(source))} />}
          </>
        )}
      </Loaded>
      {adding && <AddCollector onClose={() => setAdding(false)} />}
    </>
  );
}

/** Whether anything of a source has come, or is to be fetched. */
function isUsed({ events, dead, collectors }: Source): boolean {
  return events > 0 || dead > 0 || collectors.length > 0;
}

/** Kinds of logs that nothing has come of: there are many. */
function Others({ sources }: { sources: Source[] }): ReactNode {
  return (
    <section className="panel">
      <h2>Understood as well, as soon as they come</h2>
      <p>
        {sources.map(({ id }, index) => (
          <span key={id}>
            {index > 0 && ", "}
            <Link to="/sources/$id" params={{ id }}>{id}</Link>
          </span>
        ))}
      </p>
    </section>
  );
}

function SourceTable({ sources }: { sources: Source[] }): ReactNode {
  return (
    <Table
      label="Sources"
      items={sources}
      keyOf={({ id }) => id}
      columns={[
        { name: "Source", cell: (source) => <><Link to="/sources/$id" params={{ id: source.id }} data-open>{source.id}</Link> <Trouble source={source} /></> },
        { name: "48 hours", cell: ({ volume }) => <Volume hours={volume} className="spark" /> },
        { name: "24 h", num: true, cell: ({ events24h }) => shortCount(events24h) },
        { name: "Last event", num: true, cell: ({ lastEventAt }) => <Ago time={lastEventAt} /> },
        { name: "Lag", num: true, cell: ({ lagSeconds }) => (lagSeconds === null ? <span className="dim">none yet</span> : spanText(lagSeconds * 1000)) },
        { name: "Duplicates", num: true, cell: ({ duplicates }) => shortCount(duplicates) },
        { name: "Dead", num: true, cell: ({ dead }) => <span className={dead > 0 ? "bad" : undefined}>{countText(dead)}</span> },
        { name: "Size", num: true, cell: ({ bytes }) => bytesText(bytes) },
        { name: "A month", num: true, cell: ({ monthlyCost }) => moneyText(monthlyCost) },
      ]}
    />
  );
}

function Trouble({ source }: { source: Source }): ReactNode {
  const problem = source.collectors.find((collector) => collector.problem !== null)?.problem;
  if (problem !== undefined && problem !== null) return <span className="tag news" title={problem}>collector in trouble</span>;
  if (source.rhythm === "quiet") return <span className="tag news" title="Silent for longer than its own rhythm explains">quiet</span>;
  return source.collectors.some(({ paused }) => paused) ? <span className="tag">paused</span> : null;
}

import { api, type Collector, type Source } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Panel } from "../parts/Page.tsx";
import { Ago, Moment, useNow } from "../parts/When.tsx";
import { Backfill } from "./Backfill.tsx";
import { Outcome } from "./Trial.tsx";
import { collectorName } from "./vendors.ts";

/** What brings a source's events by itself. */
export function Collectors({ source }: { source: Source }): ReactNode {
  return (
    <Panel title="Collectors">
      {source.collectors.length === 0 && <p className="dim">None: events of this source are sent with a token.</p>}
      {source.collectors.map((collector) => <OneCollector key={collector.id} collector={collector} />)}
    </Panel>
  );
}

const ONLY_NEW = "A queue only tells of what is new. Older objects: corduroy scan s3://BUCKET --since, or send them.";

function OneCollector({ collector }: { collector: Collector }): ReactNode {
  const { id, kind, target, paused, problem } = collector;
  const [backfilling, setBackfilling] = useState(false);
  const pause = useVerb(() => call(api.events.changeCollector, { params: { id }, body: { paused: !paused } }), { done: paused ? "It goes on." : "Paused.", refresh: [["sources"]] });
  const remove = useVerb(() => call(api.events.removeCollector, { params: { id } }), { done: "Removed. Its events stay.", refresh: [["sources"]] });
  const trial = useVerb(() => call(api.events.testCollector, { params: { id } }));
  return (
    <div className="dead stack">
      <div>
        <p className="mono">{target}</p>
        <State {...collector} />
        {problem !== null && trial.data === undefined && <p className="bad small">{problem}</p>}
      </div>
      <div className="row">
        <Button needs="sources.write" busy={trial.isPending} onClick={() => trial.mutate()}>Try it</Button>
        <Button needs="sources.write" busy={pause.isPending} onClick={() => pause.mutate()}>{paused ? "Go on" : "Pause"}</Button>
        <Button needs="sources.write" why={kind === "sqs" ? ONLY_NEW : null} onClick={() => setBackfilling(true)}>Fetch older…</Button>
        <Button look="danger" sure="Remove for good?" needs="sources.write" busy={remove.isPending} onClick={() => remove.mutate()}>Remove</Button>
      </div>
      {trial.data !== undefined && <Outcome tried={trial.data} />}
      {backfilling && <Backfill id={id} target={target} onClose={() => setBackfilling(false)} />}
    </div>
  );
}

/** How a collector fares; to wait as a vendor has told us is no trouble. */
function State({ kind, paused, problem, lastSuccessAt, waitingUntil, backfillSince, readTo }: Collector): ReactNode {
  const now = useNow();
  const waits = !paused && waitingUntil !== null && Date.parse(waitingUntil) > now;
  return (
    <p className="small dim">
      {collectorName(kind)}, {paused ? "paused" : waits ? <>waits until <Moment time={waitingUntil} /> UTC, as it was told</> : problem !== null ? "in trouble" : "running"}, last success <Ago time={lastSuccessAt} />
      {readTo !== null && <>, {lastSuccessAt === null ? "begins at" : "has read up to"} <Moment time={readTo} /> UTC</>}
      {backfillSince !== null && <>, fetching from <Moment time={backfillSince} /> UTC on</>}
    </p>
  );
}

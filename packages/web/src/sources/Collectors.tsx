import { api, type Collector, type Source } from "@corduroy/contract";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Panel } from "../parts/Page.tsx";
import { Ago, Moment, useNow } from "../parts/When.tsx";

/** What brings a source's events by itself. */
export function Collectors({ source }: { source: Source }): ReactNode {
  const pause = useVerb(({ id, paused }: { id: string; paused: boolean }) => call(api.events.changeCollector, { params: { id }, body: { paused } }), { done: (_, { paused }) => (paused ? "Paused." : "It goes on."), refresh: [["sources"]] });
  const remove = useVerb((id: string) => call(api.events.removeCollector, { params: { id } }), { done: "Removed. Its events stay.", refresh: [["sources"]] });
  return (
    <Panel title="Collectors">
      {source.collectors.length === 0 && <p className="dim">None: events of this source are sent with a token.</p>}
      {source.collectors.map(({ id, target, paused, problem, ...health }) => (
        <div key={id} className="dead">
          <p className="mono">{target}</p>
          <p className="small dim">
            <State paused={paused} {...health} />
          </p>
          {problem !== null && <p className="bad small">{problem}</p>}
          <div className="row">
            <Button needs="sources.write" busy={pause.isPending} onClick={() => pause.mutate({ id, paused: !paused })}>{paused ? "Go on" : "Pause"}</Button>
            <Button look="danger" sure="Remove for good?" needs="sources.write" busy={remove.isPending} onClick={() => remove.mutate(id)}>Remove</Button>
          </div>
        </div>
      ))}
    </Panel>
  );
}

const NAMES: Record<Collector["kind"], string> = { sqs: "SQS", okta: "Okta", github: "GitHub", "microsoft-graph": "Microsoft Graph" };

/** How a collector fares; to wait as a vendor has told us is no trouble. */
function State({ kind, paused, lastSuccessAt, waitingUntil, backfillSince }: Pick<Collector, "kind" | "paused" | "lastSuccessAt" | "waitingUntil" | "backfillSince">): ReactNode {
  const now = useNow();
  const waits = !paused && waitingUntil !== null && Date.parse(waitingUntil) > now;
  return (
    <>
      {NAMES[kind]}, {paused ? "paused" : waits ? <>waits until <Moment time={waitingUntil} />, as it was told</> : "running"}, last success <Ago time={lastSuccessAt} />
      {backfillSince !== null && <>, fetching from <Moment time={backfillSince} /> on</>}
    </>
  );
}

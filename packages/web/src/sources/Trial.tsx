import { api, type ResponseOf } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { CopyButton } from "../parts/Copy.tsx";
import { Loaded } from "../parts/States.tsx";

/** A collector that was just added. */
export interface Added {
  id: string;
  source: string;
  target: string;
}

type Tried = ResponseOf<typeof api.events.testCollector>;

/** How trying a collector went, in the service's words, and what it must be allowed to. */
export function Outcome({ tried: { works, said, needs } }: { tried: Tried }): ReactNode {
  return (
    <div className="stack" role="status">
      <p className={works ? "good" : "bad"}>
        <b>{works ? "It works." : "It does not work yet."}</b> {said}
      </p>
      <div>
        <h3>The least it must be allowed to</h3>
        <pre className="needs" tabIndex={0} aria-label="The least it must be allowed to">{needs}</pre>
        <CopyButton text={needs} />
      </div>
    </div>
  );
}

/** Tries what was just added, and offers to take it back: what it was given cannot be changed, only given anew. */
export function Trial({ added: { id, source, target }, onAgain, onClose }: { added: Added; onAgain: () => void; onClose: () => void }): ReactNode {
  const tried = useQuery({ queryKey: ["tried", id], queryFn: () => call(api.events.testCollector, { params: { id } }), retry: false, staleTime: Infinity, gcTime: 0 });
  const remove = useVerb(() => call(api.events.removeCollector, { params: { id } }), { refresh: [["sources"]], onDone: onAgain });
  return (
    <>
      <p><span className="mono">{target}</span> is collected as <code>{source}</code>.</p>
      <Loaded query={tried} rows={3}>{(data) => <Outcome tried={data} />}</Loaded>
      <div className="dialog-foot">
        {tried.data?.works !== true && <Button needs="sources.write" busy={remove.isPending} onClick={() => remove.mutate()}>Remove it, and begin again</Button>}
        <Button look="main" onClick={onClose}>{tried.data?.works === false ? "Keep it, and close" : "Close"}</Button>
      </div>
    </>
  );
}

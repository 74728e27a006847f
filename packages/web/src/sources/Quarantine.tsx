import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useWhyNot } from "../app/session.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Hostile } from "../parts/Hostile.tsx";
import { bytesText, countOf } from "../parts/measures.ts";
import { Panel } from "../parts/Page.tsx";
import { Loaded } from "../parts/States.tsx";
import { Ago } from "../parts/When.tsx";

/** What was received and is not in the lake, since worker processes died of it: why, and trying it again. */
export function Quarantine({ segments }: { segments: number }): ReactNode {
  const refused = useWhyNot("deadLetters.read");
  return (
    <Panel title={`${countOf(segments, "segment")} in quarantine`}>
      <p>Received, and not in the lake: worker processes died of {segments === 1 ? "it" : "them"}. Nothing is lost; what to do about it is in the reason.</p>
      {refused === null ? <Segments /> : <p className="dim">{refused}</p>}
    </Panel>
  );
}

function Segments(): ReactNode {
  const quarantine = useQuery({ queryKey: ["quarantine"], queryFn: () => call(api.events.quarantine), refetchInterval: 30_000 });
  const retry = useVerb((id: string) => call(api.events.retry, { params: { id } }), { done: "It is tried again. Should workers die of it again, it is back here.", refresh: [["quarantine"], ["sources"]] });
  return (
    <Loaded query={quarantine} rows={1}>
      {({ items }) =>
        items.map(({ id, at, reason, sources, bytes }) => (
          <div key={id} className="spread">
            <span>
              <Hostile text={reason} /> <span className="dim small"><Hostile text={sources.join(", ")} />, {bytesText(bytes)}, <Ago time={at} />, <code>{id}</code></span>
            </span>
            <Button needs="deadLetters.replay" busy={retry.isPending && retry.variables === id} onClick={() => retry.mutate(id)}>Try again</Button>
          </div>
        ))
      }
    </Loaded>
  );
}

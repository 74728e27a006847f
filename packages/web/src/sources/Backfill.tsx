import { api } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { complain } from "../app/notices.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Trouble } from "../parts/States.tsx";
import { SinceField, sinceTime, type Since } from "./Since.tsx";

/** Has a collector fetch once more what happened since a time. */
export function Backfill({ id, target, onClose }: { id: string; target: string; onClose: () => void }): ReactNode {
  const [since, setSince] = useState<Since>({ days: "30", day: "" });
  const [error, setError] = useState<unknown>(null);
  const fetch = useVerb((from: string) => call(api.events.backfillCollector, { params: { id }, body: { since: from } }), { done: "It is being fetched, beside what is new.", refresh: [["sources"]], onDone: onClose, onFail: setError });
  return (
    <Dialog title="Fetch older events" onClose={onClose}>
      <p className="dim"><span className="mono">{target}</span>: what is in the lake already is told by its ids, and not stored again.</p>
      {error !== null && <Trouble error={error} />}
      <form className="form" onSubmit={(event) => {
        event.preventDefault();
        const from = sinceTime(since, Date.now());
        if (from === null) return complain("Choose a day.");
        setError(null);
        fetch.mutate(from);
      }}>
        <SinceField label="Fetch what happened since" value={since} onChange={setSince} />
        <div className="dialog-foot"><Button submit look="main" needs="sources.write" busy={fetch.isPending}>Fetch it</Button></div>
      </form>
    </Dialog>
  );
}

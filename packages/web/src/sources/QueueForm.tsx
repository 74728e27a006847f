import { api } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Field } from "../parts/Field.tsx";
import { Trouble } from "../parts/States.tsx";
import { AddFoot } from "./AddFoot.tsx";
import type { Added } from "./Trial.tsx";

/** Collects from S3 through an SQS queue of its notifications. */
export function QueueForm({ source: initial, onAdded }: { source: string; onAdded: (added: Added) => void }): ReactNode {
  const [source, setSource] = useState(initial);
  const [url, setUrl] = useState("");
  const [role, setRole] = useState("");
  const [error, setError] = useState<unknown>(null);
  const add = useVerb(async () => {
    const { collectors } = await call(api.events.addQueue, { params: { source }, body: { url, role: role === "" ? null : role } });
    return collectors.find(({ target }) => target === url);
  }, { done: "The queue is added.", refresh: [["sources"]], onDone: (collector) => collector && onAdded({ id: collector.id, source, target: collector.target }), onFail: setError });
  return (
    <>
      <p className="dim">S3 tells the queue of every new object; Corduroy fetches what it names.</p>
      {error !== null && <Trouble error={error} />}
      <form className="form" onSubmit={(event) => {
        event.preventDefault();
        setError(null);
        add.mutate();
      }}>
        <Field label="Source" help="The kind of log in that bucket.">
          <input required pattern="[a-z0-9][a-z0-9._\-]{0,99}" value={source} onChange={({ target }) => setSource(target.value)} />
        </Field>
        <Field label="Address of the queue">
          <input type="url" required maxLength={500} placeholder="https://sqs.eu-central-1.amazonaws.com/111122223333/trail" value={url} onChange={({ target }) => setUrl(target.value)} />
        </Field>
        <Field label="Role to assume (may be empty)" help="Without one, the service's own identity is used.">
          <input maxLength={300} placeholder="arn:aws:iam::111122223333:role/corduroy-read" value={role} onChange={({ target }) => setRole(target.value)} />
        </Field>
        <AddFoot busy={add.isPending} />
      </form>
    </>
  );
}

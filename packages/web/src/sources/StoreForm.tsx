import { api, type CollectorStore } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Field } from "../parts/Field.tsx";
import { Trouble } from "../parts/States.tsx";
import { AddFoot } from "./AddFoot.tsx";
import { SinceField, sinceTime, type Since } from "./Since.tsx";
import type { Added } from "./Trial.tsx";

export type StoreKind = CollectorStore["kind"];

/** How a container is read: as an application, or with a signature. */
type Reader = "application" | "signature";

/** What the form has in it, all as text. */
const EMPTY = { address: "", role: "", tenant: "", client: "", secret: "" };

/** Collects from a bucket or a container by listing it. Secrets are in the page until they are sent, and nowhere after. */
export function StoreForm({ kind, source: initial, onAdded }: { kind: StoreKind; source: string; onAdded: (added: Added) => void }): ReactNode {
  const [source, setSource] = useState(initial);
  const [given, setGiven] = useState(EMPTY);
  const [reader, setReader] = useState<Reader>("application");
  const [since, setSince] = useState<Since>({ days: "1", day: "" });
  const [error, setError] = useState<unknown>(null);
  const add = useVerb((store: CollectorStore) => call(api.events.addStore, { params: { source }, body: { store, since: sinceTime(since, Date.now()) } }), {
    done: "The collector is added.",
    refresh: [["sources"]],
    onDone: ({ id, target }) => onAdded({ id, source, target }),
    onFail: setError,
  });
  const input = (name: keyof typeof EMPTY, more: { type?: "url" | "password"; required?: boolean; placeholder?: string }): ReactNode => (
    <input name={name} autoComplete={more.type === "password" ? "new-password" : "off"} spellCheck={false} value={given[name]} onChange={({ target }) => setGiven({ ...given, [name]: target.value })} {...more} />
  );
  return (
    <>
      <p className="dim">{kind === "s3" ? "The bucket is listed again and again; what is new in it is fetched, once." : "The container is listed again and again; what is new in its blobs is fetched, also while they grow."}</p>
      {error !== null && <Trouble error={error} />}
      <form className="form" onSubmit={(event) => {
        event.preventDefault();
        setError(null);
        setGiven({ ...given, secret: "" });
        add.mutate(storeOf(kind, reader, given));
      }}>
        <Field label="Source" help="The kind of log in there.">
          <input required pattern="[a-z0-9][a-z0-9._\-]{0,99}" value={source} onChange={({ target }) => setSource(target.value)} />
        </Field>
        {kind === "s3" ? (
          <>
            <Field label="Bucket, or a folder in it">{input("address", { required: true, placeholder: "s3://trail/AWSLogs" })}</Field>
            <Field label="Role to assume (may be empty)" help="Without one, the service's own identity is used.">{input("role", { placeholder: "arn:aws:iam::111122223333:role/corduroy-read" })}</Field>
          </>
        ) : (
          <>
            <Field label="Container, or a folder in it">{input("address", { type: "url", required: true, placeholder: "https://account.blob.core.windows.net/insights-activity-logs" })}</Field>
            <Field label="Read it">
              <select value={reader} onChange={({ target }) => setReader(target.value as Reader)}>
                <option value="application">As an application of Entra</option>
                <option value="signature">With a shared access signature</option>
              </select>
            </Field>
            {reader === "application" && <Field label="Tenant" help="Its id or its domain.">{input("tenant", { required: true, placeholder: "corp.onmicrosoft.com" })}</Field>}
            {reader === "application" && <Field label="Application (client) id">{input("client", { required: true, placeholder: "00001111-aaaa-2222-bbbb-3333cccc4444" })}</Field>}
            <Field label={reader === "application" ? "Client secret" : "Signature"} help={reader === "application" ? "Its value, not its id." : "Of the container, with Read and List (sp=rl)."}>{input("secret", { type: "password", required: true })}</Field>
          </>
        )}
        <SinceField label="Fetch what was changed since" value={since} onChange={setSince} />
        <AddFoot busy={add.isPending} />
      </form>
    </>
  );
}

function storeOf(kind: StoreKind, reader: Reader, { address, role, tenant, client, secret }: typeof EMPTY): CollectorStore {
  if (kind === "s3") return { kind, address: address.trim(), role: role.trim() === "" ? null : role.trim() };
  return { kind, address: address.trim(), reach: reader === "signature" ? { sas: secret.trim() } : { login: "https://login.microsoftonline.com", tenant: tenant.trim(), client: client.trim(), secret: secret.trim() } };
}

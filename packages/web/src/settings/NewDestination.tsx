import { api, NewDestination as Schema, type RequestOf } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { complain } from "../app/notices.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";
import { Trouble } from "../parts/States.tsx";

type Destination = RequestOf<typeof api.admin.addDestination>["body"];
type Kind = Destination["kind"];

interface Ask {
  name: string;
  label: string;
  type: "text" | "email" | "url" | "password";
  help?: string;
}

/** What each kind needs to be told. */
const KINDS: Record<Kind, { title: string; asks: Ask[] }> = {
  slack: { title: "Slack", asks: [{ name: "url", label: "Address of the incoming webhook", type: "password", help: "It is a secret: whoever has it can post." }] },
  pagerduty: { title: "PagerDuty", asks: [{ name: "routingKey", label: "Routing key (Events API v2)", type: "password" }] },
  email: { title: "E-mail", asks: [{ name: "to", label: "To", type: "email" }] },
  webhook: { title: "Webhook", asks: [{ name: "url", label: "Address", type: "url" }, { name: "secret", label: "Secret", type: "password", help: "Signs each message, so that the receiver knows it is ours." }] },
};

/** Adds a place for alerts. */
export function NewDestination({ onClose }: { onClose: () => void }): ReactNode {
  const [kind, setKind] = useState<Kind>("slack");
  const [values, setValues] = useState<Record<string, string>>({});
  const [error, setError] = useState<unknown>(null);
  const add = useVerb((body: Destination) => call(api.admin.addDestination, { body }), { done: "Added. Send a test to it.", refresh: [["destinations"]], onDone: onClose, onFail: setError });
  const field = (name: string) => ({ value: values[name] ?? "", onChange: ({ target }: { target: HTMLInputElement }) => setValues({ ...values, [name]: target.value }) });
  const send = (): void => {
    const body = Schema.safeParse({ ...values, kind });
    if (!body.success) return complain(body.error.issues[0]?.message ?? "Something is missing.");
    setError(null);
    add.mutate(body.data);
  };
  return (
    <Dialog title="Add a destination" onClose={onClose}>
      {error !== null && <Trouble error={error} />}
      <form className="form" onSubmit={(event) => {
        event.preventDefault();
        send();
      }}>
        <Field label="Kind">
          <select value={kind} onChange={({ target }) => setKind(target.value as Kind)}>
            {Object.entries(KINDS).map(([each, { title }]) => <option key={each} value={each}>{title}</option>)}
          </select>
        </Field>
        <Field label="Name" help="As the catalog's routes call it."><input required maxLength={60} {...field("name")} /></Field>
        {KINDS[kind].asks.map((ask) => (
          <Field key={ask.name} label={ask.label} {...(ask.help === undefined ? {} : { help: ask.help })}>
            <input required type={ask.type} autoComplete="off" maxLength={2_000} {...field(ask.name)} />
          </Field>
        ))}
        <div className="dialog-foot"><Button submit look="main" needs="notifications.write" busy={add.isPending}>Add it</Button></div>
      </form>
    </Dialog>
  );
}

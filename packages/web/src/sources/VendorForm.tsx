import { api, type CollectorReach } from "@corduroy/contract";
import { useRef, useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Field } from "../parts/Field.tsx";
import { Trouble } from "../parts/States.tsx";
import { AddFoot } from "./AddFoot.tsx";
import { SinceField, sinceTime, type Since } from "./Since.tsx";
import type { Added } from "./Trial.tsx";
import { reachOf, VENDORS, type Ask, type VendorKind } from "./vendors.ts";

/** Asks for all that it takes to ask a vendor. Secrets are in the page until they are sent, and nowhere after. */
export function VendorForm({ kind, onAdded }: { kind: VendorKind; onAdded: (added: Added) => void }): ReactNode {
  const { about, asks } = VENDORS[kind];
  const [values, setValues] = useState<Record<string, string>>({});
  const [since, setSince] = useState<Since>({ days: "1", day: "" });
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [error, setError] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);
  const add = useVerb((reach: CollectorReach) => call(api.events.addCollector, { body: { reach, since: sinceTime(since, Date.now()) } }), {
    done: "The collector is added.",
    refresh: [["sources"]],
    onDone: ({ source, collector }) => onAdded({ id: collector.id, source, target: collector.target }),
    onFail: setError,
  });
  const send = (): void => {
    const read = reachOf(kind, values);
    setWrong("wrong" in read ? read.wrong : {});
    if ("wrong" in read) return form.current?.querySelector<HTMLElement>(`[name="${asks.find(({ name }) => name in read.wrong)?.name ?? ""}"]`)?.focus();
    setError(null);
    // What was sent is sealed there; whoever has to try again writes the secret again.
    setValues(Object.fromEntries(Object.entries(values).filter(([name]) => asks.every((ask) => ask.name !== name || ask.type !== "password"))));
    add.mutate(read.reach);
  };
  return (
    <>
      <p className="dim">{about}</p>
      {error !== null && <Trouble error={error} />}
      <form ref={form} className="form" noValidate onSubmit={(event) => {
        event.preventDefault();
        send();
      }}>
        {asks.map((ask) => (
          <Field key={ask.name} label={ask.label} wrong={wrong[ask.name]} {...(ask.help === undefined ? {} : { help: ask.help })}>
            <Control ask={ask} value={values[ask.name]} isWrong={wrong[ask.name] !== undefined} onChange={(value) => setValues({ ...values, [ask.name]: value })} />
          </Field>
        ))}
        <SinceField label="Fetch what happened since" value={since} onChange={setSince} />
        <AddFoot busy={add.isPending} />
      </form>
    </>
  );
}

function Control({ ask: { name, type, placeholder, optional }, value, isWrong, onChange }: { ask: Ask; value: string | undefined; isWrong: boolean; onChange: (value: string) => void }): ReactNode {
  if (typeof type !== "string") {
    return (
      <select name={name} value={value ?? type[0]?.[0]} onChange={({ target }) => onChange(target.value)}>
        {type.map(([option, text]) => <option key={option} value={option}>{text}</option>)}
      </select>
    );
  }
  return <input name={name} type={type} required={optional !== true} aria-invalid={isWrong || undefined} autoComplete={type === "password" ? "new-password" : "off"} spellCheck={false} placeholder={placeholder} value={value ?? ""} onChange={({ target }) => onChange(target.value)} />;
}

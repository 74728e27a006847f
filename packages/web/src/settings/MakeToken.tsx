import { api, TOKEN_SCOPES } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { SecretOnce } from "../parts/Copy.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";

const PURPOSES: Record<(typeof TOKEN_SCOPES)[number], string> = {
  read: "look at findings, rules and sources, and ask the lake",
  write: "the same, work on findings, and export from the lake",
  sources: "say what is collected",
  audit: "read and check the audit",
};
const EVENTS_OF_ALL = "events:*";
const DAYS = [30, 90, 180, 365];

/** The form of a new token; then the token, once. */
export function MakeToken({ onClose }: { onClose: () => void }): ReactNode {
  const sources = useQuery({ queryKey: ["sources"], queryFn: () => call(api.events.sources) });
  const [name, setName] = useState("");
  const [days, setDays] = useState(90);
  const [scopes, setScopes] = useState<string[]>([]);
  const make = useVerb(() => call(api.admin.createToken, { body: { name, days, scopes } }), { refresh: [["tokens"]] });
  if (make.data !== undefined) {
    return (
      <Dialog title="The token" onClose={onClose}>
        <p>It is shown only now. Keep it where secrets are kept, and give it to programs as <code>CORDUROY_TOKEN</code>.</p>
        <SecretOnce text={make.data.token} />
        {make.data.webhook !== null && (
          <>
            <p>As a webhook of GitHub it has this payload URL, and this secret:</p>
            <SecretOnce text={`${location.origin}${make.data.webhook.path}`} />
            <SecretOnce text={make.data.webhook.secret} />
          </>
        )}
        {make.data.eventHook !== null && (
          <>
            <p>As an event hook of Okta it has this address, and this secret for the field <code>Authorization</code>:</p>
            <SecretOnce text={`${location.origin}${make.data.eventHook.path}`} />
            <SecretOnce text={make.data.eventHook.secret} />
          </>
        )}
      </Dialog>
    );
  }
  const choices: [scope: string, purpose: string][] = [
    ...TOKEN_SCOPES.map((scope): [string, string] => [scope, PURPOSES[scope]]),
    ...(sources.data?.items ?? []).map(({ id }): [string, string] => [`events:${id}`, `hand in events of ${id}`]),
    [EVENTS_OF_ALL, "hand in events of every source"],
  ];
  return (
    <Dialog title="Make a token" onClose={onClose}>
      <form className="form" onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}>
        <Field label="Name" help="What uses it: so that one knows what to change when it ends."><input required maxLength={100} placeholder="trail of account 1111" value={name} onChange={({ target }) => setName(target.value)} /></Field>
        <fieldset className="field">
          <legend>It may</legend>
          <div className="scopes">
            {choices.map(([scope, purpose]) => (
              <label key={scope} className="check">
                <input type="checkbox" checked={scopes.includes(scope)} onChange={({ target }) => setScopes(target.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))} />
                <span>{purpose} <code>{scope}</code></span>
              </label>
            ))}
          </div>
        </fieldset>
        <Field label="For">
          <select value={days} onChange={({ target }) => setDays(Number(target.value))}>{DAYS.map((each) => <option key={each} value={each}>{each} days</option>)}</select>
        </Field>
        <div className="dialog-foot"><Button submit look="main" needs="tokens.write" busy={make.isPending} why={scopes.length === 0 ? "Choose what it may do." : null}>Make it</Button></div>
      </form>
    </Dialog>
  );
}

import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useSession } from "../app/session.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { SecretOnce } from "../parts/Copy.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";
import { Empty, Loaded } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { Ago } from "../parts/When.tsx";

/** Tokens of programs that use the API. */
export function Tokens(): ReactNode {
  const tokens = useQuery({ queryKey: ["tokens"], queryFn: () => call(api.admin.tokens) });
  const [making, setMaking] = useState(false);
  const revoke = useVerb((id: string) => call(api.admin.revokeToken, { params: { id } }), { done: "Revoked: it opens nothing from now on.", refresh: [["tokens"]] });
  return (
    <>
      <div><Button look="main" needs="tokens.write" onClick={() => setMaking(true)}>Make a token…</Button></div>
      <Loaded query={tokens} rows={5}>
        {({ items }) => items.length === 0 ? (
          <Empty title="No tokens"><p>A program that sends events or asks the API needs one.</p></Empty>
        ) : (
          <Table
            label="Tokens"
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { name: "Name", cell: ({ name, revokedAt }) => <><b>{name}</b> {revokedAt !== null && <span className="tag">revoked</span>}</> },
              { name: "May", cell: ({ scopes }) => <code>{scopes.join(", ")}</code> },
              { name: "Made by", cell: ({ createdBy, createdAt }) => <>{createdBy}, <Ago time={createdAt} /></> },
              { name: "Last used", cell: ({ lastUsedAt }) => <Ago time={lastUsedAt} /> },
              { name: "Ends", cell: ({ expiresAt }) => <Ago time={expiresAt} /> },
              { name: "", cell: ({ id, revokedAt }) => <Button look="quiet" needs="tokens.write" why={revokedAt === null ? null : "It is revoked already."} busy={revoke.isPending && revoke.variables === id} onClick={() => revoke.mutate(id)}>Revoke</Button> },
            ]}
          />
        )}
      </Loaded>
      {making && <MakeToken onClose={() => setMaking(false)} />}
    </>
  );
}

const EVENTS = "events.write";
const DAYS = [30, 90, 180, 365];

function MakeToken({ onClose }: { onClose: () => void }): ReactNode {
  const may = useSession()?.may ?? [];
  const [name, setName] = useState("");
  const [days, setDays] = useState(90);
  const [scopes, setScopes] = useState<string[]>([EVENTS]);
  const make = useVerb(() => call(api.admin.createToken, { body: { name, days, scopes } }), { refresh: [["tokens"]] });
  if (make.data !== undefined) {
    return (
      <Dialog title="The token" onClose={onClose}>
        <p>It is shown only now. Keep it where secrets are kept, and give it to programs as <code>CORDUROY_TOKEN</code>.</p>
        <SecretOnce text={make.data.token} />
      </Dialog>
    );
  }
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
            {[...new Set([EVENTS, ...may])].map((scope) => (
              <label key={scope} className="check">
                <input type="checkbox" checked={scopes.includes(scope)} onChange={({ target }) => setScopes(target.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))} />
                <code>{scope}</code>
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

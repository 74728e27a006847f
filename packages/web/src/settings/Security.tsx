import { api } from "@corduroy/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { sessionQuery, useSession } from "../app/session.ts";
import { useVerb } from "../app/verbs.ts";
import { Enrol } from "../door/Enrol.tsx";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Panel } from "../parts/Page.tsx";
import { Loaded } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { Ago } from "../parts/When.tsx";
import { Password } from "./Password.tsx";

/** How one signs in: the password, and second factors. */
export function Security(): ReactNode {
  const session = useSession();
  const queries = useQueryClient();
  const passkeys = useQuery({ queryKey: ["passkeys"], queryFn: () => call(api.session.passkeys) });
  const [adding, setAdding] = useState(false);
  const remove = useVerb((id: string) => call(api.session.removePasskey, { params: { id } }), { done: "The passkey is removed.", refresh: [["passkeys"], ["session"]] });
  const added = (): void => {
    setAdding(false);
    void queries.invalidateQueries({ queryKey: ["passkeys"] });
    void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  const why = session?.singleSignOn === true ? "You come in by single sign-on: second factors are added there." : null;
  return (
    <>
      <Password />
      <Panel title="Authenticator app">
        <p>{session?.secondFactors.totp === true ? "One is in use, with recovery codes. Adding another replaces both." : "None."}</p>
      </Panel>
      <Panel title="Passkeys" side={<Button why={why} onClick={() => setAdding(true)}>Add a second factor…</Button>}>
        <Loaded query={passkeys} rows={2}>
          {({ items }) => items.length === 0 ? <p className="dim">None. A passkey is quicker than a code, and cannot be phished.</p> : (
            <Table
              plain
              label="Passkeys"
              items={items}
              keyOf={({ id }) => id}
              columns={[
                { name: "Name", cell: ({ name }) => <b>{name}</b> },
                { name: "Added", cell: ({ createdAt }) => <Ago time={createdAt} /> },
                { name: "Last used", cell: ({ lastUsedAt }) => <Ago time={lastUsedAt} /> },
                { name: "", cell: ({ id }) => <Button look="quiet" sure="Remove for good?" busy={remove.isPending && remove.variables === id} onClick={() => remove.mutate(id)}>Remove</Button> },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      {adding && <Dialog title="Add a second factor" onClose={() => setAdding(false)}><Enrol onDone={added} /></Dialog>}
    </>
  );
}

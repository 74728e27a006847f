import { api } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Paged } from "../parts/Paged.tsx";
import { Empty } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { Ago } from "../parts/When.tsx";
import { MakeToken } from "./MakeToken.tsx";

const PAGE = 100;

/** Tokens of programs that use the API. */
export function Tokens(): ReactNode {
  const [making, setMaking] = useState(false);
  const revoke = useVerb((id: string) => call(api.admin.revokeToken, { params: { id } }), { done: "Revoked: it opens nothing from now on.", refresh: [["tokens"]] });
  return (
    <>
      <div><Button look="main" needs="tokens.write" onClick={() => setMaking(true)}>Make a token…</Button></div>
      <Paged queryKey={["tokens"]} ask={(place) => call(api.admin.tokens, { query: { ...place, limit: PAGE } })} rows={5}>
        {(items) => items.length === 0 ? (
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
              { name: "", cell: ({ id, revokedAt }) => <Button look="quiet" sure="Revoke for good?" needs="tokens.write" why={revokedAt === null ? null : "It is revoked already."} busy={revoke.isPending && revoke.variables === id} onClick={() => revoke.mutate(id)}>Revoke</Button> },
            ]}
          />
        )}
      </Paged>
      {making && <MakeToken onClose={() => setMaking(false)} />}
    </>
  );
}

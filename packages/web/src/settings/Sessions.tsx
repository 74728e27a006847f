import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Loaded } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { Ago } from "../parts/When.tsx";

/** Where one is signed in; for who may see it, where everybody is. */
export function Sessions(): ReactNode {
  const sessions = useQuery({ queryKey: ["sessions"], queryFn: () => call(api.session.list) });
  const end = useVerb((id: string) => call(api.session.end, { params: { id } }), { done: "Ended.", refresh: [["sessions"], ["session"]] });
  return (
    <Loaded query={sessions} rows={4}>
      {({ items }) => (
        <Table
          label="Sessions"
          items={items}
          keyOf={({ id }) => id}
          columns={[
            { name: "Person", cell: ({ user, current }) => <><b>{user}</b> {current && <span className="tag">this one</span>}</> },
            { name: "Address", cell: ({ address }) => address },
            { name: "Since", cell: ({ createdAt }) => <Ago time={createdAt} /> },
            { name: "Last seen", cell: ({ lastSeenAt }) => <Ago time={lastSeenAt} /> },
            { name: "", cell: ({ id, own }) => <Button look="quiet" sure="End it now?" {...(!own && { needs: "sessions.end" })} busy={end.isPending && end.variables === id} onClick={() => end.mutate(id)}>End</Button> },
          ]}
        />
      )}
    </Loaded>
  );
}

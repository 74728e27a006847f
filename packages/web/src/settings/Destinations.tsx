import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { complain, say } from "../app/notices.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Empty, Loaded } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { Ago } from "../parts/When.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { NewDestination } from "./NewDestination.tsx";
import { SecurityRoute } from "./SecurityRoute.tsx";

/** Where alerts go. */
export function Destinations(): ReactNode {
  const destinations = useQuery({ queryKey: ["destinations"], queryFn: () => call(api.admin.destinations) });
  const [adding, setAdding] = useState(false);
  const remove = useVerb((id: string) => call(api.admin.removeDestination, { params: { id } }), { done: "Removed.", refresh: [["destinations"], ["settings"]] });
  const test = useVerb((id: string) => call(api.admin.testDestination, { params: { id } }), {
    refresh: [["destinations"], ["deliveries"]],
    onDone: ({ outcome, detail }) => (outcome === "delivered" ? say(`The test message arrived. ${detail}`) : complain(`The test message: ${outcome}.`, detail)),
  });
  return (
    <>
      <div><Button look="main" needs="notifications.write" onClick={() => setAdding(true)}>Add a destination…</Button></div>
      <Loaded query={destinations} rows={4}>
        {({ items }) => (
          <>
            {items.length === 0 && <Empty title="Alerts go nowhere yet"><p>Add PagerDuty, Slack, e-mail or a webhook. Until then findings are seen only here.</p></Empty>}
            {items.length > 0 && <Table
              label="Destinations"
              items={items}
              keyOf={({ id }) => id}
              columns={[
                { name: "Name", cell: ({ name }) => <b>{name}</b> },
                { name: "Kind", cell: ({ kind }) => kind },
                { name: "Target", cell: ({ target }) => <span className="mono">{target}</span> },
                { name: "Last delivery", cell: ({ lastDeliveryAt }) => <Ago time={lastDeliveryAt} /> },
                { name: "Problem", cell: ({ problem }) => problem !== null && <span className="bad">{problem}</span> },
                {
                  name: "",
                  cell: ({ id }) => (
                    <span className="row">
                      <Button look="quiet" needs="notifications.write" busy={test.isPending && test.variables === id} onClick={() => test.mutate(id)}>Test</Button>
                      <Button look="quiet" sure="Remove for good?" needs="notifications.write" busy={remove.isPending && remove.variables === id} onClick={() => remove.mutate(id)}>Remove</Button>
                    </span>
                  ),
                },
              ]}
            />}
            {items.length > 0 && <SecurityRoute destinations={items} />}
            <Deliveries />
          </>
        )}
      </Loaded>
      {adding && <NewDestination onClose={() => setAdding(false)} />}
    </>
  );
}

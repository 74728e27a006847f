import { api, type ResponseOf } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { countText } from "../parts/measures.ts";
import { PageHead } from "../parts/Page.tsx";
import { Empty, Loaded } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { Ago } from "../parts/When.tsx";

type Suppression = ResponseOf<typeof api.findings.suppressions>["items"][number];

/** What is hidden at present, why, and until when; and what was hidden before. */
export function SuppressionsPage(): ReactNode {
  const [past, setPast] = useState(false);
  const which = past ? "past" : "live";
  const suppressions = useQuery({ queryKey: ["suppressions", which], queryFn: () => call(api.findings.suppressions, { query: { which } }) });
  return (
    <>
      <PageHead title="Suppressions" about="What is hidden for a while. News on a hidden finding is marked on it, and it stays hidden.">
        <Button pressed={past} onClick={() => setPast(!past)}>Those that are over</Button>
      </PageHead>
      <Loaded query={suppressions} rows={5}>
        {({ items }) => (items.length > 0 ? <Suppressions items={items} past={past} /> : past ? <Empty title="None is over yet" /> : <NothingHidden />)}
      </Loaded>
    </>
  );
}

function NothingHidden(): ReactNode {
  return (
    <Empty title="Nothing is hidden">
      <p>
        Open a finding and press <kbd>s</kbd> to hide what would come again.
      </p>
    </Empty>
  );
}

function Suppressions({ items, past }: { items: Suppression[]; past: boolean }): ReactNode {
  const end = useVerb((id: string) => call(api.findings.endSuppression, { params: { id } }), { done: "Ended.", refresh: [["suppressions"], ["findings"], ["finding-counts"], ["now"]] });
  return (
    <Table
      label="Suppressions"
      items={items}
      keyOf={({ id }) => id}
      columns={[
        { name: past ? "Hid" : "Hides", cell: ({ scope }) => [scope.rule && `rule ${scope.rule}`, scope.entity && `entity ${scope.entity}`, scope.account && `account ${scope.account}`].filter(Boolean).join(" and ") },
        { name: "Reason", cell: ({ reason }) => reason },
        { name: "By", cell: ({ createdBy }) => createdBy.name },
        { name: "Since", cell: ({ createdAt }) => <Ago time={createdAt} /> },
        past ? { name: "Over", cell: ({ endedAt, expiresAt }) => <>{endedAt === null ? "expired" : "ended"} <Ago time={endedAt ?? expiresAt} /></> } : { name: "Ends", cell: ({ expiresAt }) => <Ago time={expiresAt} /> },
        { name: "Hidden", num: true, cell: ({ hidden }) => countText(hidden) },
        ...(past ? [] : [{ name: "", cell: ({ id }: Suppression) => <Button look="quiet" needs="suppressions.write" busy={end.isPending && end.variables === id} onClick={() => end.mutate(id)}>End</Button> }]),
      ]}
    />
  );
}

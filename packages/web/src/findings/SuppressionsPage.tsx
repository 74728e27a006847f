import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { countText } from "../parts/measures.ts";
import { PageHead } from "../parts/Page.tsx";
import { Empty, Loaded } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { Ago } from "../parts/When.tsx";

/** What is hidden at present, why, and until when. */
export function SuppressionsPage(): ReactNode {
  const suppressions = useQuery({ queryKey: ["suppressions"], queryFn: () => call(api.findings.suppressions) });
  const end = useVerb((id: string) => call(api.findings.endSuppression, { params: { id } }), { done: "Ended.", refresh: [["suppressions"], ["findings"], ["finding-counts"], ["now"]] });
  return (
    <>
      <PageHead title="Suppressions" about="What is hidden for a while. News on a hidden finding is marked on it, and it stays hidden." />
      <Loaded query={suppressions} rows={5}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nothing is hidden">
              <p>
                Open a finding and press <kbd>s</kbd> to hide what would come again.
              </p>
            </Empty>
          ) : (
            <Table
              label="Suppressions"
              items={items}
              keyOf={({ id }) => id}
              columns={[
                { name: "Hides", cell: ({ scope }) => [scope.rule && `rule ${scope.rule}`, scope.entity && `entity ${scope.entity}`, scope.account && `account ${scope.account}`].filter(Boolean).join(" and ") },
                { name: "Reason", cell: ({ reason }) => reason },
                { name: "By", cell: ({ createdBy }) => createdBy.name },
                { name: "Since", cell: ({ createdAt }) => <Ago time={createdAt} /> },
                { name: "Ends", cell: ({ expiresAt }) => <Ago time={expiresAt} /> },
                { name: "Hidden", num: true, cell: ({ hidden }) => countText(hidden) },
                { name: "", cell: ({ id }) => <Button look="quiet" needs="suppressions.write" busy={end.isPending && end.variables === id} onClick={() => end.mutate(id)}>End</Button> },
              ]}
            />
          )
        }
      </Loaded>
    </>
  );
}

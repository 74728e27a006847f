import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { Panel } from "../parts/Page.tsx";
import { Loaded } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { Ago } from "../parts/When.tsx";

const SHOWN = 50;
const TROUBLE = new Set(["rejected", "gave up"]);

/** The alerts of late: what arrived, and what did not. */
export function Deliveries(): ReactNode {
  const deliveries = useQuery({ queryKey: ["deliveries"], queryFn: () => call(api.admin.deliveries, { query: { limit: SHOWN } }) });
  return (
    <Panel title="Latest alerts">
      <Loaded query={deliveries} rows={4}>
        {({ items }) => items.length === 0 ? <p className="dim">None was sent yet.</p> : (
          <Table
            plain
            label="Latest alerts"
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { name: "Alert", cell: ({ finding, title }) => (finding === null ? title : <Link to="/findings/$id" params={{ id: finding }} data-open>{title}</Link>) },
              { name: "To", cell: ({ destination }) => destination },
              { name: "Outcome", cell: ({ outcome, attempts, detail }) => <span className={TROUBLE.has(outcome) ? "bad" : undefined} title={detail}>{outcome}{attempts > 1 ? ` after ${attempts} attempts` : ""}</span> },
              { name: "When", num: true, cell: ({ at }) => <Ago time={at} /> },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}

import { api, type ResponseOf } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { NO_FILTER } from "../findings/filter.ts";
import { countOf, countText } from "../parts/measures.ts";
import { PageHead } from "../parts/Page.tsx";
import { Empty, Loaded } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { TeamRoute } from "./TeamRoute.tsx";

type Catalog = ResponseOf<typeof api.admin.catalog>;

/** Who owns what: read from the catalog's files, with what is wrong in them. */
export function CatalogPage(): ReactNode {
  const catalog = useQuery({ queryKey: ["catalog"], queryFn: () => call(api.admin.catalog) });
  return (
    <>
      <PageHead title="Catalog" about="Teams and what they own: this decides who is told." />
      <Loaded query={catalog} rows={8}>
        {(data) => (data.folder === null && data.teams.length === 0 ? <NoCatalog /> : <Whole catalog={data} />)}
      </Loaded>
    </>
  );
}

function NoCatalog(): ReactNode {
  return (
    <Empty title="There is no catalog yet">
      <p>
        Put <code>catalog-info.yaml</code> files (the form that Backstage knows) into a folder, and start the service with <code>--catalog</code> and that folder. Until then findings go to the
        route for what nobody owns, under <Link to="/settings/$section" params={{ section: "destinations" }}>Settings, Destinations</Link>.
      </p>
    </Empty>
  );
}

function Whole({ catalog }: { catalog: Catalog }): ReactNode {
  return (
    <>
      {catalog.folder !== null && <p className="small dim">Read from <code>{catalog.folder}</code></p>}
      {catalog.problems.length > 0 && <Problems problems={catalog.problems} />}
      <h2>{countOf(catalog.teams.length, "team")}</h2>
      <Table
        label="Teams"
        items={catalog.teams}
        keyOf={({ name }) => name}
        columns={[
          { name: "Team", cell: (team) => <Link to="/findings" search={{ ...NO_FILTER, team: team.name }} data-open>{team.title}</Link> },
          { name: "Services", cell: ({ services }) => services.join(", ") || <span className="dim">none</span> },
          { name: "Alerts go to", cell: (team) => <TeamRoute team={team} /> },
          { name: "Active findings", num: true, cell: ({ active }) => countText(active) },
        ]}
      />
      <h2>{countOf(catalog.services.length, "service")}</h2>
      <Table
        label="Services"
        items={catalog.services}
        keyOf={({ name }) => name}
        columns={[
          { name: "Service", cell: ({ title }) => title },
          { name: "Team", cell: ({ team }) => team ?? <span className="bad">none</span> },
          { name: "Environment", cell: ({ environment }) => environment },
          { name: "Tier", cell: ({ tier }) => tier ?? <span className="dim">none</span> },
          { name: "Claims", cell: ({ maps }) => <span className="small">{maps.map(({ kind, value }) => `${kind} ${value}`).join(", ")}</span> },
          { name: "Active findings", num: true, cell: ({ active }) => countText(active) },
        ]}
      />
    </>
  );
}

function Problems({ problems }: { problems: Catalog["problems"] }): ReactNode {
  return (
    <section className="panel trouble">
      <h2>{countOf(problems.length, "problem")} in the files</h2>
      {problems.map((problem, i) => (
        <div key={i} className="dead">
          <p className="mono small dim">{`${problem.file}:${problem.line}:${problem.column}`}</p>
          <p>{problem.message}</p>
          {problem.hint !== undefined && <p className="small dim">{problem.hint}</p>}
        </div>
      ))}
    </section>
  );
}

import { api, type ResponseOf } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { peopleQuery } from "../app/session.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Select } from "../parts/Field.tsx";
import { Hostile } from "../parts/Hostile.tsx";
import { countOf } from "../parts/measures.ts";
import { PageHead } from "../parts/Page.tsx";
import { Paged } from "../parts/Paged.tsx";
import { Empty } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { Moment } from "../parts/When.tsx";
import { plain } from "./plain.ts";

type Entry = ResponseOf<typeof api.admin.audit>["items"][number];
type Outcome = Entry["outcome"];

const PAGE = 100;
const OUTCOMES: [Outcome | "", string][] = [["", "Any outcome"], ["begun", "Begun"], ["done", "Done"], ["refused", "Refused"], ["failed", "Failed"]];

/** Who did what, and whether the record of it is whole. */
export function AuditPage(): ReactNode {
  const filter = useSearch({ from: "/app/audit" });
  const navigate = useNavigate();
  const outcome = OUTCOMES.find(([value]) => value === filter.outcome)?.[0] ?? "";
  const query = { ...(filter.actor === undefined ? {} : { actor: filter.actor }), ...(filter.action === undefined ? {} : { action: filter.action }), ...(outcome === "" ? {} : { outcome }) };
  const verify = useVerb(() => call(api.admin.verifyAudit));
  const set = (name: keyof typeof filter, value: string): void => void navigate({ to: "/audit", search: { ...filter, [name]: value === "" ? undefined : value }, replace: true });
  return (
    <>
      <PageHead title="Audit" about="Every change of state has an actor, a time and a reason.">
        <Button needs="audit.read" busy={verify.isPending} onClick={() => verify.mutate()}>
          {verify.isPending ? "Checking…" : "Check the trail"}
        </Button>
      </PageHead>
      {verify.data !== undefined && <Verdict verdict={verify.data} />}
      <search className="filters">
        <input type="search" className="bare" data-slash placeholder="Actor   /" aria-label="Actor" defaultValue={filter.actor} onBlur={({ target }) => set("actor", target.value.trim())} onKeyDown={({ key, currentTarget }) => key === "Enter" && set("actor", currentTarget.value.trim())} />
        <input type="search" className="bare" placeholder="Action, such as findings.close" aria-label="Action" defaultValue={filter.action} onBlur={({ target }) => set("action", target.value.trim())} onKeyDown={({ key, currentTarget }) => key === "Enter" && set("action", currentTarget.value.trim())} />
        <Select label="Outcome" value={outcome} options={OUTCOMES} onChange={(value) => set("outcome", value)} />
      </search>
      <Paged queryKey={["audit", query]} ask={(place) => call(api.admin.audit, { query: { ...query, ...place, limit: PAGE } })} rows={12}>
        {(items) => items.length === 0 ? <Empty title="No entry fits"><p>Every sign-in, change and refusal is written here.</p></Empty> : <Entries items={items} />}
      </Paged>
    </>
  );
}

function Verdict({ verdict }: { verdict: ResponseOf<typeof api.admin.verifyAudit> }): ReactNode {
  return (
    <section className={verdict.intact ? "panel verdict" : "panel verdict broken"} role="status">
      <h2>{verdict.intact ? "The trail is whole" : "The trail is broken"}</h2>
      <p>{verdict.text}</p>
      <p className="small dim">
        {countOf(verdict.rows, "row")} checked{verdict.firstBad === null ? "" : `; the first that does not fit is ${verdict.firstBad}`}.{" "}
        {verdict.anchored ? "Its seals are kept outside this service too." : "Its seals are kept only here: whoever owns the database could forge both. Anchor them outside."}
      </p>
    </section>
  );
}

function Entries({ items }: { items: Entry[] }): ReactNode {
  return (
    <Table
      label="Audit trail"
      items={items}
      keyOf={({ id }) => id}
      columns={[
        { name: "Time", cell: ({ at }) => <span className="nowrap"><Moment time={at} /> <span className="dim small">UTC</span></span> },
        { name: "Actor", cell: ({ actor, address }) => <><Hostile text={actor.name} limit={80} /> <span className="dim small">{actor.kind === "user" ? "" : actor.kind} {address}</span></> },
        { name: "Action", cell: ({ action }) => <code>{action}</code> },
        { name: "On", cell: ({ resource }) => <Subject resource={resource} /> },
        { name: "Outcome", cell: ({ outcome }) => <span className={outcome === "done" || outcome === "begun" ? undefined : "bad"}>{outcome}</span> },
        { name: "Detail", cell: ({ detail }) => <Detail detail={detail} /> },
      ]}
    />
  );
}

/** What was changed: a person by name, a finding by the way to it, anything else by its id. */
function Subject({ resource: { type, id } }: { resource: Entry["resource"] }): ReactNode {
  const people = useQuery(peopleQuery);
  const name = type === "User" ? people.data?.items.find((person) => person.id === id)?.name : undefined;
  const known = type === "Finding" && id !== "*";
  return (
    <>
      <span className="dim">{type}</span> {known ? <Link to="/findings/$id" params={{ id }}>{id}</Link> : <span title={id}><Hostile text={name ?? id} limit={60} /></span>}
    </>
  );
}

function Detail({ detail }: { detail: Entry["detail"] }): ReactNode {
  const people = useQuery(peopleQuery);
  const named = (id: string): string => people.data?.items.find((person) => person.id === id)?.name ?? id;
  return (
    <span className="small">
      {Object.entries(detail).map(([name, value], i) => (
        <span key={name}>
          {i > 0 && ", "}
          <span className="dim">{name}</span> <Hostile text={plain(value, named)} limit={120} />
        </span>
      ))}
    </span>
  );
}

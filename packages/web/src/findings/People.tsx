import { Priority, type FindingDetail } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { peopleQuery, useWhyNot } from "../app/session.ts";
import { Button } from "../parts/Button.tsx";
import { Select } from "../parts/Field.tsx";
import { dueText } from "../parts/measures.ts";
import { Panel } from "../parts/Page.tsx";
import { WebLink } from "../parts/WebLink.tsx";
import { useNow } from "../parts/When.tsx";
import { DueDate } from "./DueDate.tsx";
import { useFindingVerbs } from "./verbs.ts";

const PRIORITIES = Priority.options.map((priority): [Priority, string] => [priority, priority.toUpperCase()]);
const NOBODY = "";

/** Who has it, how urgent it is and until when; what can be changed is changed in place. */
export function People({ finding }: { finding: FindingDetail }): ReactNode {
  const why = useWhyNot("findings.triage");
  const now = useNow();
  const { change } = useFindingVerbs(finding);
  const people = useQuery(peopleQuery);
  const names = people.data?.items ?? (finding.owner === null ? [] : [finding.owner]);
  const owners: [string, string][] = [[NOBODY, "nobody"], ...names.map(({ id, name }): [string, string] => [id, name])];
  return (
    <Panel title="In whose hands">
      <dl className="people">
        <dt>Owner</dt>
        <dd>
          <Select label="Owner" why={why} value={finding.owner?.id ?? NOBODY} options={owners} onChange={(id) => change({ owner: id === NOBODY ? null : id }, id === NOBODY ? "Nobody owns it now." : "It has a new owner.")} />
        </dd>
        <dt>Priority</dt>
        <dd>
          <Select label="Priority" why={why} value={finding.priority} options={PRIORITIES} onChange={(priority) => change({ priority }, `It is ${priority.toUpperCase()} now.`)} />
        </dd>
        <dt>Due</dt>
        <dd>
          <DueDate dueAt={finding.dueAt} why={why} onChange={(dueAt) => change({ dueAt }, "The due date is set.")} />
          {finding.dueAt !== null && <span className={Date.parse(finding.dueAt) < now ? "bad small" : "dim small"}>{dueText(finding.dueAt, now)}</span>}
        </dd>
        <dt>Team</dt>
        <dd>{finding.team ?? <span className="dim">none: no entry of the catalog claims it</span>}</dd>
        <dt>Service</dt>
        <dd>{finding.service ?? <span className="dim">unknown</span>}</dd>
        <dt>Labels</dt>
        <dd>
          <Labels finding={finding} why={why} onChange={(labels) => change({ labels }, "Labels changed.")} />
        </dd>
        <dt>Links</dt>
        <dd>
          <Links finding={finding} onAdd={(addLink) => change({ addLink }, "Link added.")} />
        </dd>
      </dl>
    </Panel>
  );
}

function Labels({ finding, why, onChange }: { finding: FindingDetail; why: string | null; onChange: (labels: string[]) => void }): ReactNode {
  const [text, setText] = useState("");
  return (
    <form className="row" onSubmit={(event) => {
      event.preventDefault();
      if (text.trim() !== "") onChange([...new Set([...finding.labels, text.trim()])]);
      setText("");
    }}>
      {finding.labels.map((label) => (
        <button key={label} type="button" className="tag" disabled={why !== null} title={why ?? `Remove ${label}`} onClick={() => onChange(finding.labels.filter((each) => each !== label))}>
          {label} <span aria-hidden="true">×</span>
        </button>
      ))}
      <input className="bare" aria-label="New label" placeholder="new label" title={why ?? undefined} disabled={why !== null} maxLength={50} value={text} onChange={({ target }) => setText(target.value)} />
    </form>
  );
}

function Links({ finding, onAdd }: { finding: FindingDetail; onAdd: (link: { url: string; title: string }) => void }): ReactNode {
  const [url, setUrl] = useState<string | null>(null);
  return (
    <div className="links">
      {finding.links.map((link) => (
        <WebLink key={link.url} url={link.url} title={link.title} />
      ))}
      {url === null ? (
        <span>
          <Button look="quiet" needs="findings.triage" onClick={() => setUrl("")}>
            Add a link
          </Button>
        </span>
      ) : (
        <form className="row" onSubmit={(event) => {
          event.preventDefault();
          onAdd({ url, title: url.replace(/^https?:\/\//, "").slice(0, 200) });
          setUrl(null);
        }}>
          <input className="bare" type="url" required autoFocus pattern="https?://.+" aria-label="Address of the link" placeholder="https://tickets.example/SEC-12" value={url} onChange={({ target }) => setUrl(target.value)} />
          <Button submit>Add</Button>
        </form>
      )}
    </div>
  );
}

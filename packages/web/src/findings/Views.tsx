import { api, type FindingFilter, type ResponseOf } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";
import { NO_FILTER, sameFilter } from "./filter.ts";

type View = ResponseOf<typeof api.findings.views>["items"][number];

const BUILT_IN: { name: string; filter: FindingFilter }[] = [
  { name: "Active", filter: NO_FILTER },
  { name: "Mine", filter: { ...NO_FILTER, owner: "me" } },
  { name: "No owner", filter: { ...NO_FILTER, owner: "none" } },
  { name: "P1", filter: { ...NO_FILTER, priority: "p1" } },
];

/** Filters that were given a name, one press away. */
export function Views({ filter, onChoose }: { filter: FindingFilter; onChoose: (filter: FindingFilter) => void }): ReactNode {
  const views = useQuery({ queryKey: ["views"], queryFn: () => call(api.findings.views), staleTime: 300_000 });
  const [saving, setSaving] = useState(false);
  const all: { id?: string; name: string; filter: FindingFilter }[] = [...BUILT_IN, ...(views.data?.items ?? [])];
  const current = views.data?.items.find((view) => sameFilter(view.filter, filter));
  return (
    <nav className="views" aria-label="Saved views">
      {all.map((view) => (
        <Button key={view.id ?? view.name} pressed={sameFilter(view.filter, filter)} onClick={() => onChoose(view.filter)}>
          {view.name}
        </Button>
      ))}
      {current === undefined ? !all.some((view) => sameFilter(view.filter, filter)) && <Button look="quiet" needs="views.write" onClick={() => setSaving(true)}>Save this filter…</Button> : <RemoveView view={current} />}
      {saving && <SaveView filter={filter} onClose={() => setSaving(false)} />}
    </nav>
  );
}

function RemoveView({ view }: { view: View }): ReactNode {
  const remove = useVerb(() => call(api.findings.removeView, { params: { id: view.id } }), { done: "View removed.", refresh: [["views"]] });
  return (
    <Button look="quiet" needs="views.write" why={view.mine ? null : "Only the person who saved this view can remove it."} busy={remove.isPending} onClick={() => remove.mutate()}>
      Remove this view
    </Button>
  );
}

function SaveView({ filter, onClose }: { filter: FindingFilter; onClose: () => void }): ReactNode {
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const save = useVerb(() => call(api.findings.saveView, { body: { name, filter, shared } }), { done: "View saved.", refresh: [["views"]], onDone: onClose });
  return (
    <Dialog title="Save this filter" onClose={onClose}>
      <form className="form" onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}>
        <Field label="Name">
          <input required maxLength={60} value={name} onChange={({ target }) => setName(target.value)} />
        </Field>
        <label className="check">
          <input type="checkbox" checked={shared} onChange={({ target }) => setShared(target.checked)} />
          Everybody sees it
        </label>
        <div className="dialog-foot">
          <Button submit look="main" needs="views.write" busy={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

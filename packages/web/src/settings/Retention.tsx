import { api, type Source } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { bytesText, moneyText } from "../parts/measures.ts";
import { Empty, Loaded } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";

/** How long each source's events are kept. */
export function Retention(): ReactNode {
  const sources = useQuery({ queryKey: ["sources"], queryFn: () => call(api.events.sources) });
  return (
    <>
      <p className="dim">Events older than this are removed from the lake for good. Findings and the audit trail stay.</p>
      <Loaded query={sources} rows={5}>
        {({ items }) => items.length === 0 ? <Empty title="No sources yet"><p>A source appears with its first event.</p></Empty> : (
          <Table
            label="Retention"
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { name: "Source", cell: ({ id }) => <b>{id}</b> },
              { name: "Size", num: true, cell: ({ bytes }) => bytesText(bytes) },
              { name: "A month", num: true, cell: ({ monthlyCost }) => moneyText(monthlyCost) },
              { name: "Kept for", cell: (source) => <Days key={source.retentionDays} source={source} /> },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}

function Days({ source }: { source: Source }): ReactNode {
  const [text, setText] = useState(source.retentionDays === null ? "" : String(source.retentionDays));
  const days = text.trim() === "" ? null : Number(text);
  const save = useVerb(() => call(api.events.setRetention, { params: { source: source.id }, body: { days } }), { done: `Changed for ${source.id}.`, refresh: [["sources"]] });
  const shorter = days !== null && (source.retentionDays === null || days < source.retentionDays);
  return (
    <form className="row" onSubmit={(event) => {
      event.preventDefault();
      save.mutate();
    }}>
      <input className="bare" type="number" min={1} max={3_660} placeholder="for ever" aria-label={`Days for ${source.id}`} value={text} onChange={({ target }) => setText(target.value)} /> days
      {days !== source.retentionDays && <Button submit needs="settings.write" look={shorter ? "danger" : "main"} busy={save.isPending}>{shorter ? "Save, and remove what is older" : "Save"}</Button>}
    </form>
  );
}

import type { api, ResponseOf } from "@corduroy/contract";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Loaded } from "../parts/States.tsx";
import { HiddenMark, HiddenNote } from "./Hidden.tsx";

type Schema = ResponseOf<typeof api.search.schema>;

/** Views and their columns; a press puts the name into the query. */
export function SchemaBrowser({ query, onInsert }: { query: UseQueryResult<Schema>; onInsert: (text: string) => void }): ReactNode {
  const [words, setWords] = useState("");
  const fits = (name: string): boolean => name.toLowerCase().includes(words.toLowerCase());
  return (
    <aside className="panel schema stack" aria-label="Views and columns">
      <input type="search" className="bare" placeholder="Find a column" aria-label="Find a column" value={words} onChange={({ target }) => setWords(target.value)} />
      <Loaded query={query} rows={6} height={26}>
        {({ views }) => (
          <div>
            <HiddenNote hows={views.flatMap(({ columns }) => columns.flatMap(({ hidden }) => hidden ?? []))} />
            {views.map((view, i) => (
              <details key={view.name} open={words === "" ? i === 0 : view.columns.some(({ name }) => fits(name))}>
                <summary title={view.about}>{view.name}</summary>
                <p className="dim small">{view.about}</p>
                <ul>
                  {view.columns.filter(({ name }) => fits(name)).map((column) => (
                    <li key={column.name}>
                      <button type="button" className="linky" onClick={() => onInsert(column.name)}>
                        {column.name}
                      </button>
                      <span className="dim">
                        {column.hidden !== null && <HiddenMark how={column.hidden} />} {column.type.toLowerCase()}
                      </span>
                    </li>
                  ))}
                </ul>
              </details>
            ))}
          </div>
        )}
      </Loaded>
    </aside>
  );
}

import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { complain } from "../app/notices.ts";
import { useWhyNot } from "../app/session.ts";
import { useKeys } from "../keys/useKeys.ts";
import { Button } from "../parts/Button.tsx";
import { Select } from "../parts/Field.tsx";
import { PageHead } from "../parts/Page.tsx";
import type { EditorHandle } from "./CodeEditor.tsx";
import { hiddenColumns } from "./Hidden.tsx";
import { hashOfSql, queryOfHash } from "./link.ts";
import { keepQueries, recentQueries, withRecent } from "./recent.ts";
import { Results } from "./Results.tsx";
import { SchemaBrowser } from "./SchemaBrowser.tsx";
import { Start } from "./Start.tsx";
import type { Whose } from "./stream.ts";
import { useRun } from "./useRun.ts";
import { WhoseRows } from "./WhoseRows.tsx";

const CodeEditor = lazy(() => import("./CodeEditor.tsx").then(({ CodeEditor }) => ({ default: CodeEditor })));
const FIRST_QUERY = "select time, operation, actor_name, address, outcome\nfrom events\norder by time desc\nlimit 200";
const ROWS: [string, string][] = [["1000", "1,000 rows"], ["10000", "10,000 rows"], ["100000", "100,000 rows"]];
const SECONDS = 60;

/** One SELECT over the lake, and what it gives. */
export function SearchPage(): ReactNode {
  const { hash, state } = useLocation();
  const [sql, setSql] = useState(() => queryOfHash(window.location.hash)?.sql ?? recentQueries()[0] ?? FIRST_QUERY);
  const [whose, setWhose] = useState<Whose>(() => queryOfHash(window.location.hash)?.whose ?? {});
  const [recent, setRecent] = useState(recentQueries);
  const [rows, setRows] = useState("1000");
  const [open, setOpen] = useState(() => window.matchMedia("(min-width: 1100px)").matches);
  const editor = useRef<EditorHandle>(null);
  const forbidden = useWhyNot("lake.query");
  const schema = useQuery({ queryKey: ["schema"], queryFn: () => call(api.search.schema), staleTime: 600_000 });
  const completions = useMemo(() => Object.fromEntries(schema.data?.views.map((view) => [view.name, view.columns.map(({ name }) => name)]) ?? []), [schema.data]);
  const hidden = useMemo(() => hiddenColumns(schema.data), [schema.data]);
  const run = useRun();
  const start = (text: string, of: Whose): void => {
    if (forbidden !== null) return complain(forbidden);
    if (text.trim() === "") return complain("There is nothing to run.", "Write a SELECT, or take one of the recent queries.");
    keepAddress(text, of);
    const queries = withRecent(recent, text);
    setRecent(queries);
    keepQueries(queries);
    run.start(text, { maxRows: Number(rows), seconds: SECONDS, ...of });
  };
  // The address follows at once, and so does an answer that is there; a query that was never run, or has changed since, waits.
  const choose = (of: Whose): void => {
    setWhose(of);
    if (run.sql === sql) start(sql, of);
    else keepAddress(sql, of);
  };
  const begin = useRef(start);
  // A link from within the app asks for an answer; one from outside only fills in the editor, so that nobody runs what they have not read.
  useEffect(() => {
    const linked = queryOfHash(window.location.hash);
    if (linked === null) return;
    setSql(linked.sql);
    setWhose(linked.whose);
    if (state.run === true) begin.current(linked.sql, linked.whose);
  }, [hash, state.run]);
  useKeys({ "/": () => editor.current?.focus() });
  const take = useCallback((text: string) => setSql(text), []);
  return (
    <>
      <PageHead title="Search" about="One SELECT over everything in the lake.">
        <Button pressed={open} onClick={() => setOpen(!open)}>
          Views and columns
        </Button>
      </PageHead>
      <div className="search">
        <div className="stack">
          <div className="editor">
            <Suspense fallback={<textarea aria-label="SQL" spellCheck={false} value={sql} onChange={({ target }) => setSql(target.value)} />}>
              <CodeEditor value={sql} onChange={setSql} onRun={() => start(sql, whose)} schema={completions} handle={editor} />
            </Suspense>
          </div>
          <div className="run-row">
            {run.running ? <Button look="danger" onClick={run.cancel}>Cancel</Button> : <Button look="main" needs="lake.query" keys="Ctrl+Enter" onClick={() => start(sql, whose)}>Run</Button>}
            <WhoseRows whose={whose} onChange={choose} />
            <Select label="Most rows" value={rows} options={ROWS} onChange={setRows} />
            <span className="dim small">at most, and {SECONDS} seconds. Times are in UTC.</span>
          </div>
          {run.sql === null ? <Start recent={recent} onChoose={take} /> : <Results run={run} hidden={hidden} />}
        </div>
        {open && <SchemaBrowser query={schema} onInsert={(text) => editor.current?.insert(text)} />}
      </div>
    </>
  );
}

/** Writes what is asked into the address, without a step back in the history; it is not to run by itself when the page is loaded again. */
function keepAddress(sql: string, whose: Whose): void {
  window.history.replaceState({ ...(window.history.state as object | null), run: undefined }, "", hashOfSql(sql, whose));
}

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The query in the address shall run at once: it was linked from a page of ours. */
    run?: boolean;
  }
}

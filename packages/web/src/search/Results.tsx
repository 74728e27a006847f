import { useState, type ReactNode } from "react";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { CopyButton } from "../parts/Copy.tsx";
import { download } from "../parts/download.ts";
import { countOf, countText } from "../parts/measures.ts";
import { Bones, Empty } from "../parts/States.tsx";
import { AnswerTable } from "./AnswerTable.tsx";
import { chartFor } from "./charts.ts";
import { ChartView } from "./ChartView.tsx";
import { exportCsv } from "./exportCsv.ts";
import { HiddenNote, type HiddenColumns } from "./Hidden.tsx";
import { csvName } from "./link.ts";
import { QueryTrouble } from "./QueryTrouble.tsx";
import { TimeStrip } from "./TimeStrip.tsx";
import type { Whose } from "./stream.ts";
import type { Run } from "./useRun.ts";
import { useSpread } from "./useSpread.ts";

/** The answer: when, how much, as a table or drawn. */
export function Results({ run, hidden }: { run: Run; hidden: HiddenColumns }): ReactNode {
  const { answer, sql, limits, running } = run;
  const [tab, setTab] = useState<"table" | "chart">("table");
  const chart = running ? null : chartFor(answer.columns, answer.rows);
  const spread = useSpread(run);
  const shown = tab === "chart" && chart !== null ? "chart" : "table";
  const save = useVerb(async () => download(csvName(sql ?? "", new Date()), await exportCsv(sql ?? "", limits)));
  return (
    <section className="stack" aria-label="Answer">
      <div className="spread">
        <p role="status" className="small">
          <Status run={run} />
        </p>
        <div className="row">
          <CopyButton text={window.location.href} label="Copy link" />
          <Button needs="lake.export" busy={save.isPending} why={answer.count === 0 ? "There are no rows to export." : null} onClick={() => save.mutate()}>
            Export CSV
          </Button>
        </div>
      </div>
      {answer.error !== null && <QueryTrouble error={answer.error} />}
      {answer.count > 0 && <HiddenNote hows={answer.columns.flatMap(({ name }) => hidden.get(name) ?? [])} />}
      {spread !== null && answer.count > 2 && shown === "table" && <TimeStrip spread={spread} />}
      {chart !== null && (
        <div className="tabs" role="tablist" aria-label="Show as">
          {(["table", "chart"] as const).map((name) => (
            <button key={name} type="button" role="tab" aria-selected={shown === name} onClick={() => setTab(name)}>
              {name === "table" ? "Table" : "Chart"}
            </button>
          ))}
        </div>
      )}
      {shown === "chart" && chart !== null ? <ChartView chart={chart} /> : answer.count > 0 ? <AnswerTable answer={answer} hidden={hidden} /> : running ? <Bones rows={6} height={28} /> : answer.error === null && <Empty title="No rows"><p>The query ran, and nothing fits it.</p></Empty>}
    </section>
  );
}

function Status({ run: { answer, limits, running, cancelled } }: { run: Run }): ReactNode {
  const rows = countOf(answer.count, "row");
  if (running) return answer.count === 0 ? "Running…" : `Running… ${rows} so far`;
  if (cancelled) return `Cancelled after ${rows}.`;
  if (answer.end === null) return answer.count === 0 ? "No answer." : `${rows}, then an error.`;
  return (
    <>
      <b>{rows}</b>{whoseText(limits)} in {countText(answer.end.milliseconds)} ms
      {answer.end.more && <span className="bad"> There are more: the limit of rows was reached.</span>}
    </>
  );
}

/** Whose rows they are, where not everybody's. */
function whoseText({ team, environment }: Whose): string {
  const of = team === undefined ? "" : team === "none" ? " of no team" : ` of ${team}`;
  return environment === undefined ? of : `${of}${environment === "unknown" ? " in no known environment" : ` in ${environment}`}`;
}

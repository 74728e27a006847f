import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, type ReactNode } from "react";
import { Dialog } from "../parts/Dialog.tsx";
import { Hostile, Json } from "../parts/Hostile.tsx";
import { HiddenMark, HiddenNote, type HiddenColumns } from "./Hidden.tsx";
import { cellText, columnWidths, type Answer, type Column } from "./answer.ts";

const ROW = 28;
const OVERSCAN = 12;
/** Pixels of the mark of a hidden column. */
const MARK = 16;
/** More than fits any column; the whole value is in the row's dialog. */
const CELL_LIMIT = 160;

/** The rows as a table. Only what is in view is in the page, so a hundred thousand rows scroll as ten do. */
export function AnswerTable({ answer: { columns, rows, count }, hidden }: { answer: Answer; hidden: HiddenColumns }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<number | null>(null);
  const virtual = useVirtualizer({ count, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: OVERSCAN });
  // Widths are settled by the first rows, so that columns do not move while rows come in.
  const settled = count > 0;
  const widths = useMemo(() => columnWidths(columns, settled ? rows : []).map((width, i) => (hidden.has(columns[i]!.name) ? width + MARK : width)), [columns, rows, settled, hidden]);
  const template = widths.map((width, i) => (i === widths.length - 1 ? `minmax(${width}px, 1fr)` : `${width}px`)).join(" ");
  const least = widths.reduce((sum, width) => sum + width, 0);
  const line = { gridTemplateColumns: template, minWidth: `${least}px`, width: "100%" };
  return (
    <>
      <div ref={box} className="grid" role="table" aria-label="Rows" aria-rowcount={count + 1} tabIndex={0}>
        <div role="rowgroup" className="grid-head" style={{ minWidth: line.minWidth }}>
          <div role="row" style={{ ...line, display: "grid" }}>
            {columns.map(({ name, type }) => (
              <div key={name} role="columnheader" className={type} title={name}>
                {name}
                <small>{type}</small>
                {hidden.has(name) && <HiddenMark how={hidden.get(name)!} />}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height: `${virtual.getTotalSize()}px`, position: "relative", minWidth: line.minWidth }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <div key={index} role="row" aria-rowindex={index + 2} className="grid-row" tabIndex={0} data-open style={{ ...line, transform: `translateY(${start}px)` }} onClick={() => setOpen(index)} onKeyDown={(event) => openOnEnter(event, () => setOpen(index))}>
              {columns.map((column, i) => (
                <Cell key={column.name} column={column} value={rows[index]?.[i]} isWithheld={hidden.get(column.name) === "withheld"} />
              ))}
            </div>
          ))}
        </div>
      </div>
      {open !== null && <RowDialog columns={columns} row={rows[open] ?? []} hidden={hidden} onClose={() => setOpen(null)} />}
    </>
  );
}

/** The same key press must not reach the dialog, whose first button has the focus by then. */
function openOnEnter(event: React.KeyboardEvent, open: () => void): void {
  if (event.key !== "Enter") return;
  event.preventDefault();
  open();
}

function Cell({ column, value, isWithheld }: { column: Column; value: unknown; isWithheld: boolean }): ReactNode {
  return (
    <div role="cell" className={column.type}>
      {value === null || value === undefined ? <Nothing isWithheld={isWithheld} /> : <Hostile text={cellText(value)} limit={CELL_LIMIT} />}
    </div>
  );
}

/** An empty cell, or one that only looks so to whoever may not see people. */
function Nothing({ isWithheld }: { isWithheld: boolean }): ReactNode {
  return <span className="null">{isWithheld ? "withheld" : "null"}</span>;
}

function RowDialog({ columns, row, hidden, onClose }: { columns: Column[]; row: unknown[]; hidden: HiddenColumns; onClose: () => void }): ReactNode {
  return (
    <Dialog title="Row" onClose={onClose} wide>
      <HiddenNote hows={columns.flatMap(({ name }) => hidden.get(name) ?? [])} />
      <dl className="facts cell-facts">
        {columns.map(({ name, type }, i) => {
          const text = cellText(row[i]);
          return (
            <div key={name}>
              <dt>{name}{hidden.has(name) && <HiddenMark how={hidden.get(name)!} />}</dt>
              <dd>{row[i] === null ? <Nothing isWithheld={hidden.get(name) === "withheld"} /> : type === "json" || /^\s*[{[]/.test(text) ? <Json text={text} /> : <Hostile text={text} limit={20_000} />}</dd>
            </div>
          );
        })}
      </dl>
    </Dialog>
  );
}

import type { ReactNode } from "react";

/** One column: its name, what it shows of an item, and whether it is a number. */
export interface Column<T> {
  name: string;
  cell: (item: T) => ReactNode;
  num?: boolean;
}

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  items: readonly T[];
  keyOf: (item: T) => string;
  plain?: boolean;
}

/** A table that becomes a list of cards on a phone, each value with its column's name. The roles keep it a table for those who listen. */
export function Table<T>({ label, columns, items, keyOf, plain = false }: Props<T>): ReactNode {
  const table = (
    <table className="list" role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.name} role="columnheader" scope="col" className={column.num === true ? "num" : undefined}>
              {column.name === "" ? <span className="unseen">Actions</span> : column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {items.map((item) => (
          <tr key={keyOf(item)} role="row">
            {columns.map((column) => (
              <td key={column.name} role="cell" data-label={column.name} className={column.num === true ? "num" : undefined}>
                {inOne(column.cell(item))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return plain ? table : <div className="list-box">{table}</div>;
}

/** As one child, so that a card's two columns hold; nothing stays nothing, and takes no line. */
function inOne(content: ReactNode): ReactNode {
  return content === null || content === undefined || typeof content === "boolean" || content === "" ? null : <div>{content}</div>;
}

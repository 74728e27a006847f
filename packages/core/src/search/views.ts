import type { PartKind } from "../lake/index.ts";

/** A view over the parts of a lake, as data. */
export interface View {
  /** As people write it in FROM, lower case: `events`, `aws_cloudtrail`. */
  name: string;
  /** Which parts it reads: of this kind and, unless null, of this source. */
  kind: PartKind;
  source: string | null;
  /** Name and DuckDB type of each column of those parts. A column that an older part lacks is NULL there. */
  columns: readonly (readonly [name: string, type: string])[];
  /** SQL of the select list over these columns; all of them when absent. */
  select?: string;
}

/** Paths of Parquet files, absolute, that a view reads. */
export interface FilledView extends View {
  files: readonly string[];
}

/** The statement that creates a view. Its columns are those stated, whatever the files hold, and also without any file. */
export function createViewSql(view: FilledView): string {
  const empty = view.columns.map(([name, type]) => `NULL::${type} AS ${identifier(name)}`).join(", ");
  const files = view.files.map(literal).join(", ");
  // hive_partitioning off: the columns of the same names are in the files. union_by_name: columns are only ever added.
  const parts = view.files.length === 0 ? "" : ` UNION ALL BY NAME SELECT * FROM read_parquet([${files}], union_by_name = true, hive_partitioning = false)`;
  const typed = view.columns.map(([name, type]) => `${identifier(name)}::${type} AS ${identifier(name)}`).join(", ");
  const rows = `SELECT ${typed} FROM (SELECT ${empty} WHERE false${parts})`;
  return `CREATE VIEW ${identifier(view.name)} AS ${view.select === undefined ? rows : `SELECT ${view.select} FROM (${rows})`}`;
}

/** A name as SQL writes it. */
function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

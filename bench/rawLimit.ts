import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** The 15 columns that rules use most: name in the Parquet file, path in the record, type. */
const COLUMNS: readonly (readonly [string, string, "VARCHAR" | "TIMESTAMP" | "BOOLEAN"])[] = [
  ["event_id", "eventID", "VARCHAR"],
  ["event_time", "eventTime", "TIMESTAMP"],
  ["event_source", "eventSource", "VARCHAR"],
  ["event_name", "eventName", "VARCHAR"],
  ["aws_region", "awsRegion", "VARCHAR"],
  ["source_ip_address", "sourceIPAddress", "VARCHAR"],
  ["user_agent", "userAgent", "VARCHAR"],
  ["error_code", "errorCode", "VARCHAR"],
  ["read_only", "readOnly", "BOOLEAN"],
  ["recipient_account_id", "recipientAccountId", "VARCHAR"],
  ["identity_type", "userIdentity.type", "VARCHAR"],
  ["identity_arn", "userIdentity.arn", "VARCHAR"],
  ["identity_principal", "userIdentity.principalId", "VARCHAR"],
  ["identity_account", "userIdentity.accountId", "VARCHAR"],
  ["identity_key", "userIdentity.accessKeyId", "VARCHAR"],
];

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * The pinned statement: gz files of one CloudTrail document each, copied to Parquet with 15 typed columns and each record's text.
 *
 * The fastest one found that reads JSON as JSON. Processor time relative to it on 120,964 records (200 MB) in 2,549 files, two threads, runs in
 * turns, for what was tried besides:
 *
 *     1.3        format = 'unstructured': the end of each document is looked for byte by byte. CloudTrail writes no line breaks
 *     1.0        read_json(columns = {Records: 'JSON[]'}) in the same format: the same work
 *     1.1        from_json(json, '{"Records": ["JSON"]}') instead of json_extract
 *     0.9 - 1.1  from_json of the whole document to a typed list, beside the list of texts: about the same, in more words
 *     1.0 - 1.3  string_split on the text between records, which breaks on records that hold such a text
 *     1.4 - 1.6  the same split over read_csv
 *     1.0 - 1.1  JSON pointers instead of paths; PARQUET_VERSION V2; a smaller or no dictionary; giving memory back at once
 *
 * A larger `maximum_object_size` than needed costs a lot: each file gets buffers of twice that size. One `->>` a column instead of
 * the path list parses each record 15 times. to_json of typed columns is no slower, but is not the record's text.
 * Codec, level and row groups are those of the product. The order of rows is free, and each thread writes its own file.
 *
 * @param files glob of the gz files
 * @param out folder that does not exist yet
 * @param largest size in bytes of the largest document, unpacked
 */
export function rawLimitStatement(files: string, out: string, largest: number): string {
  const paths = COLUMNS.map(([, path]) => quote(`$.${path}`)).join(", ");
  const columns = COLUMNS.map(([name, , type], index) => `p[${index + 1}]${type === "VARCHAR" ? "" : `::${type}`} AS ${name}`).join(", ");
  return `
    COPY (
      SELECT ${columns}, record AS raw
      FROM (
        SELECT record, json_extract_string(record, [${paths}]) AS p
        FROM (
          SELECT unnest(json_extract(json, '$.Records[*]')) AS record
          FROM read_json_objects(${quote(files)}, format = 'newline_delimited', maximum_object_size = ${largest})
        )
      )
    ) TO ${quote(out)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 20480, PER_THREAD_OUTPUT true)`;
}

const TEXT_COLUMNS = 8;

/**
 * The same for lines of text: the line and its first words as columns, which is less than any source takes out of one.
 * @param files glob of the files
 */
export function textLimitStatement(files: string, out: string): string {
  const words = Array.from({ length: TEXT_COLUMNS }, (_, index) => `words[${index + 1}] AS word_${index + 1}`).join(", ");
  return `
    COPY (
      SELECT ${words}, line AS raw
      FROM (SELECT line, string_split(line, ' ') AS words FROM read_csv(${quote(files)}, columns = {line: 'VARCHAR'}, delim = '', quote = '', escape = '', header = false))
    ) TO ${quote(out)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 20480, PER_THREAD_OUTPUT true)`;
}

/** How long the copying took, and the records in the Parquet files. */
export interface RawLimit {
  seconds: number;
  records: number;
}

/** Runs a pinned statement on two threads; the time starts with the opening of DuckDB and excludes the start of this process. */
export async function runRawLimit(statement: string, out: string): Promise<RawLimit> {
  const began = performance.now();
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", preserve_insertion_order: "false", temp_directory: `${out}.tmp` });
  const connection = await instance.connect();
  await connection.run(statement);
  const seconds = (performance.now() - began) / 1000;
  if (!readdirSync(out).some((name) => name.endsWith(".parquet"))) return { seconds, records: 0 };
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM read_parquet(${quote(join(out, "*.parquet"))})`);
  return { seconds, records: Number(counted.getRows()[0]?.[0]) };
}

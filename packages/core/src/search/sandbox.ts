import { DuckDBInstance, StatementType, type DuckDBConnection, type DuckDBPreparedStatement } from "@duckdb/node-api";
import { Forbidden } from "../kernel/index.ts";
import type { Timed } from "./clock.ts";
import { namingTheFile } from "./damage.ts";
import type { QueryRequest } from "./protocol.ts";
import { checkStatement } from "./statement.ts";
import { EVER, filesWithin, spanOf } from "./time-span.ts";
import { createView, literal } from "./views.ts";

/** A checked statement, planned in a locked engine of its own. */
export interface Sandbox {
  connection: DuckDBConnection;
  statement: DuckDBPreparedStatement;
}

/**
 * Makes a fresh engine for one statement and locks it down before anything of the statement is planned.
 *
 * Two walls, each enough for reading: the statement is checked against what may be used, and the engine cannot open a file
 * outside the lake. The second wall alone still permits writing inside the lake (`COPY ... TO`), so the first is never optional.
 */
export async function openSandbox(request: QueryRequest, timed: Timed): Promise<Sandbox> {
  const { temporary, limits } = request;
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(limits.threads),
    memory_limit: `${limits.memoryMb}MB`,
    temp_directory: temporary,
    max_temp_directory_size: `${limits.temporaryMb}MB`,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    allow_persistent_secrets: "false",
    allocator_bulk_deallocation_flush_threshold: "1MB",
  });
  const connection = await instance.connect();
  const used = await timed(connection, () => checkStatement(connection, request.sql, new Set(request.views.map((view) => view.name))));
  await connection.run("SET TimeZone = 'UTC'");
  // Every file is opened several times: for its columns, the view, the plan and the rows.
  await connection.run("SET parquet_metadata_cache = true");
  const files = new Set(request.views.flatMap((view) => view.files.map(({ path }) => path)));
  await connection.run(`SET allowed_directories = [${literal(temporary)}]`);
  await connection.run(`SET allowed_paths = [${[...files].map(literal).join(", ")}]`);
  // Only these, and only the files that can hold what is asked for: planning a view opens each of its files.
  try {
    for (const view of request.views) {
      const readings = used.get(view.name);
      if (readings === undefined) continue;
      const span = view.kind === "events" ? await timed(connection, () => spanOf(connection, readings)) : EVER;
      await timed(connection, () => createView(connection, { ...view, files: filesWithin(view.files, span) }, request.sight));
    }
  } catch (error) {
    throw await namingTheFile(error, request, connection, timed);
  }
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");

  const statements = await connection.extractStatements(request.sql);
  if (statements.count !== 1) throw new Forbidden("One statement at a time, please.");
  const statement = await timed(connection, () => statements.prepare(0));
  if (statement.statementType !== StatementType.SELECT) throw new Forbidden("Only a SELECT can be run here: the lake is read, never changed.");
  return { connection, statement };
}

import { DuckDBInstance, type DuckDBAppender, type DuckDBConnection, type DuckDBPreparedStatement, type DuckDBTableFunction, type DuckDBValue } from "@duckdb/node-api";

/**
 * An in-memory DuckDB on one thread: work is spread over processes, because small tables run on one thread anyway.
 *
 * `run` and `rows` plan a statement once and keep it: planning the mapping of a source takes longer than mapping a small batch.
 * A statement stays planned only while no table is created or dropped, so tables are emptied rather than made anew.
 */
export class Engine {
  private readonly prepared = new Map<string, DuckDBPreparedStatement>();

  private constructor(private readonly connection: DuckDBConnection) {}

  /** @param temporary a folder of its own: two engines in one folder corrupt each other's spilled data */
  static async open(temporary: string): Promise<Engine> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: "1",
      temp_directory: temporary,
      memory_limit: "1GB",
      // Freed memory goes back to the system soon. At 1 MB a process peaks 35 MB lower, and page faults take a tenth of the time.
      allocator_bulk_deallocation_flush_threshold: "16MB",
      autoinstall_known_extensions: "false",
    });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    // A kept plan must not rest on what its tables held when it was made: with statistics, count(*) becomes a constant and a
    // DISTINCT over numbers gives wrong ones once the rows have changed (seen in 1.5.6). And a list of words after IN must stay an expression: as a join it costs more than all other columns together.
    await connection.run("SET disabled_optimizers = 'statistics_propagation,compressed_materialization,in_clause'");
    return new Engine(connection);
  }

  /** Runs a statement that will come again, word for word. */
  async run(sql: string): Promise<void> {
    await (await this.statement(sql)).run();
  }

  /** The rows of a query that will come again, word for word. */
  async rows(sql: string): Promise<DuckDBValue[][]> {
    return (await (await this.statement(sql)).runAndReadAll()).getRows();
  }

  /** The first column of a query that will come again, word for word. */
  async column(sql: string): Promise<readonly DuckDBValue[]> {
    return (await (await this.statement(sql)).runAndReadAll()).getColumns()[0] ?? [];
  }

  /** Runs a statement that will not come again. */
  async once(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** The rows of a query that will not come again. */
  async rowsOnce(sql: string): Promise<DuckDBValue[][]> {
    return (await this.connection.runAndReadAll(sql)).getRows();
  }

  /** Plans a statement for whoever keeps it. */
  prepare(sql: string): Promise<DuckDBPreparedStatement> {
    return this.connection.prepare(sql);
  }

  register(tableFunction: DuckDBTableFunction): void {
    this.connection.registerTableFunction(tableFunction);
  }

  appender(table: string): Promise<DuckDBAppender> {
    return this.connection.createAppender(table);
  }

  close(): void {
    this.connection.closeSync();
  }

  private async statement(sql: string): Promise<DuckDBPreparedStatement> {
    const known = this.prepared.get(sql);
    if (known) return known;
    const statement = await this.connection.prepare(sql);
    this.prepared.set(sql, statement);
    return statement;
  }
}

export { afterTransaction, execute, inTransaction, openDatabase, ROLLBACK, type Address, type Database, type Db, type DbCtx } from "./database.ts";
export { databaseGone, isConnectionFailure, sqlState } from "./failures.ts";
export { dumpedRows, loadTables, tablesOf, type TableRows } from "./dump.ts";
export { holds } from "./holds.ts";
export { runningPostgres, startPostgres, type EmbeddedPostgres } from "./embedded/postgres.ts";
export { appliedMigrations, ensureDatabase, migrate, migrateTo, type AppliedMigration } from "./migrate.ts";

/** `killedParent.ts FOLDER`: starts a PostgreSQL, puts a table in, prints the server's process id, and waits to be killed. */
import { join } from "node:path";
import { openDatabase, startPostgres } from "../index.ts";

const folder = process.argv[2]!;
const server = await startPostgres({ folder: join(folder, "postgres"), passwordFile: join(folder, "password"), sync: false });
const { pool } = openDatabase({ ...server.address, database: "postgres" });
await pool.query("CREATE TABLE kept AS SELECT 1 AS one");
process.stdout.write(String(server.pid()));

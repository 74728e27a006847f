import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase, type Database } from "../../store/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { running, send } from "./test/running.ts";

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), "corduroy-answer-"));
const SOCKET = ".s.PGSQL.5432";
/** How many answers to the COMMIT of a batch get lost on their way from now on. */
let losing = 0;
let through: Database;

/** Stands between the service and its database; where an answer is to be lost, it breaks the connection once that answer is there. */
function forward(client: Socket): void {
  const server = connect(join(database.address.host, SOCKET));
  let isBatch = false;
  let cut = false;
  client.on("data", (bytes: Buffer) => {
    if (bytes.includes('insert into "lake_batches"')) isBatch = true;
    if (isBatch && bytes.includes("COMMIT") && losing > 0) {
      losing--;
      cut = true;
    }
    server.write(bytes);
  });
  server.on("data", (bytes: Buffer) => (cut ? client.destroy() : client.write(bytes)));
  for (const [one, other] of [[client, server], [server, client]] as const) one.on("error", () => undefined).on("close", () => other.destroy());
}
const between = createServer(forward);

beforeAll(async () => {
  await new Promise<void>((resolve) => between.listen(join(folder, SOCKET), resolve));
  through = openDatabase({ ...database.address, host: folder });
});
const place = running(database);
afterAll(async () => {
  await through.close();
  between.close();
  rmSync(folder, { recursive: true, force: true });
});

const record = (id: number): object => ({ eventVersion: "1.10", eventTime: "2026-11-18T09:00:00Z", eventSource: "s3.amazonaws.com", eventName: "GetObject", eventID: `${String(id).padStart(8, "0")}-45a4-42ca-b3ce-000000000000`, recipientAccountId: "111122223333" });

it("a batch that was committed without an answer is in the lake once, and so are its events that come again at the same time", async () => {
  const ingest = await place.start({}, through.db);
  const body = JSON.stringify({ Records: [record(1), record(2)] });
  losing = 1;
  for (let copy = 0; copy < 3; copy++) {
    await send(ingest, body);
    await ingest.receiver.spool.seal();
  }
  while (ingest.backlog() > 0) await new Promise(setImmediate);
  expect(losing).toBe(0);
  const { rows } = await database.pool.query<{ stored: number; duplicate: number }>("SELECT sum((counts->>'stored')::int)::int AS stored, sum((counts->>'duplicate')::int)::int AS duplicate FROM lake_batches");
  expect(rows).toEqual([{ stored: 2, duplicate: 4 }]);
  expect((await database.pool.query("SELECT id FROM lake_intents")).rows).toEqual([]);
  expect(place.troubles).toEqual([]);
});

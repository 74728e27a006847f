import { chmodSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { api } from "@corduroy/contract";
import { backUp, restore, startService, type Service } from "../index.ts";
import { serviceOptions, testService } from "../test/running.ts";

const test = testService();
const { migrations } = serviceOptions({ data: "", databaseUrl: null }).installation;

async function settled(service: Service): Promise<void> {
  await service.ingest.receiver.spool.seal();
  while (service.ingest.backlog() > 0) await new Promise(setImmediate);
}

it("a backup has once whatever was acknowledged before it, while senders go on", async () => {
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "app", scopes: ["events:generic.json"], days: 1 } });
  const acknowledged: number[] = [];
  let next = 0;
  const send = async (): Promise<void> => {
    const n = next++;
    const answer = await test.fetch("/v1/events/generic.json", { method: "POST", headers: { Authorization: `Bearer ${token}` }, body: JSON.stringify({ n }) });
    expect(answer.status).toBe(202);
    acknowledged.push(n);
  };
  const over = new AbortController();
  const sender = async (): Promise<void> => {
    while (!over.signal.aborted) await send();
  };
  await send();
  const senders = Promise.all([sender(), sender(), sender()]);
  const place = join(test.folder, "backups");
  let before: number[] = [];
  try {
    for (let each = 0; each < 3; each++) {
      before = [...acknowledged];
      await backUp({ data: join(test.folder, "data"), databaseUrl: test.databaseUrl, place, passphrase: null, version: "0.0.0" });
    }
  } finally {
    over.abort();
    await senders;
  }
  const parent = mkdtempSync(join(test.folder, "restore-"));
  chmodSync(parent, 0o711);
  const folder = join(parent, "data");
  await restore({ place, backup: null, data: folder, databaseUrl: null, passphrase: null, withoutKeys: false, migrations });
  const own = test.service;
  test.service = await startService(serviceOptions({ data: folder, databaseUrl: null }));
  try {
    await settled(test.service);
    const answer = await test.admin.raw("/v1/query", { sql: "select (raw_data->>'$.n')::int as n, count(*)::int as many from generic_json group by all", maxRows: 100_000 });
    const many = new Map((await answer.text()).split("\n").flatMap((line) => (line.startsWith('{"row":') ? [(JSON.parse(line) as { row: [number, number] }).row] : [])));
    expect(before.length).toBeGreaterThan(10);
    expect(before.filter((n) => many.get(n) !== 1)).toEqual([]);
    expect([...many.values()].filter((each) => each !== 1)).toEqual([]);
  } finally {
    await test.service.stop();
    test.service = own;
  }
  await settled(own);
});

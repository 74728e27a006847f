/**
 * node tools/run-ts.mjs tools/make-data-fixture.ts: writes a small data folder of this release, as a backup, to packages/server/test/releases/VERSION. Run it once when a release is made,
 * and never again for it: later releases prove with it that they take these data over.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { freshBundle } from "./bundle.mjs";
import { backUp, startService } from "../packages/server/src/index.ts";
import { holdingsOf } from "../packages/server/src/test/holdings.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const target = join(root, "packages/server/test/releases", version);

/** What the company of the fixture did: a break-in, some of a day's work, and a record that nobody can read. */
const BODIES: [source: string, body: string][] = [
  ["aws.cloudtrail", JSON.stringify({ Records: [event("StopLogging", "dana", 1), event("GetTrail", "dana", 2), event("DeleteTrail", "erik", 3)] })],
  ["generic.json", '{"time":"2026-11-18T09:05:00Z","user":"ines","action":"login"}\n{"time":"2026-11-18T09:06:00Z","user":"ines","action"\n'],
];

function event(eventName: string, userName: string, n: number): object {
  return {
    eventVersion: "1.10", eventTime: `2026-11-18T09:0${n}:00Z`, eventSource: "cloudtrail.amazonaws.com", eventName, awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24",
    userIdentity: { type: "IAMUser", userName, accountId: "111122223333", arn: `arn:aws:iam::111122223333:user/${userName}`, principalId: "AIDAEXAMPLE" },
    eventID: `9d7c1ec2-45a4-42ca-b3ce-00000000000${n}`, recipientAccountId: "111122223333", requestParameters: { name: "company" }, responseElements: null,
  };
}

await freshBundle(root);
const folder = mkdtempSync(join(tmpdir(), "corduroy-fixture-"));
chmodSync(folder, 0o711);
try {
  const data = join(folder, "data");
  const dist = join(root, "packages/cli/dist");
  const service = await startService({
    installation: { version, workerEntry: join(dist, "worker.mjs"), queryEntry: join(dist, "query-child.mjs"), migrations: join(root, "packages/core/src/store/migrations"), policies: join(root, "content/policies"), web: dist },
    data, demo: false, host: "127.0.0.1", port: 0, databaseUrl: null, rules: [join(root, "content/rules")], workers: 1, tls: null, syslog: [], trustedProxies: [], oidc: null, keyWrap: null, catalog: null, auditHeads: null, publicUrl: null, mail: null, allow: [], patienceMs: 30_000, log: (text) => process.stderr.write(`${text}\n`),
  });
  for (const [source, body] of BODIES) await service.ingest.receiver.receive({ source, sender: "fixture", key: null, origin: null, stillIn: async () => true, body: Readable.from([Buffer.from(body)]) });
  await service.ingest.receiver.spool.seal();
  while (service.ingest.backlog() > 0) await new Promise(setImmediate);
  await service.stop();
  rmSync(target, { recursive: true, force: true });
  const { bytes } = await backUp({ data, databaseUrl: null, place: target, passphrase: null, version });
  writeFileSync(join(target, "expected.json"), `${JSON.stringify(await holdingsOf(data, join(dist, "query-child.mjs")), null, 2)}\n`);
  process.stdout.write(`${target}: ${bytes} bytes\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { loadRules } from "../../../detect/index.ts";
import type { Db } from "../../../store/index.ts";
import type { TestDatabase } from "../../../store/test/index.ts";
import type { Receipt } from "../../receipt/receive.ts";
import { startIngest, type Ingest, type IngestOptions } from "../service.ts";

const root = fileURLToPath(new URL("../../../../../..", import.meta.url));
const { rules } = await loadRules([join(root, "content/rules")]);

/** Starts ingest on a new folder and on this database; ended after the file's tests. */
export function running(database: TestDatabase): { folder: string; queryEntry: string; start(change?: Partial<IngestOptions>, db?: Db, now?: () => Date): Promise<Ingest>; troubles: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "corduroy-ingest-"));
  // As the data folder of a service is: queries run as another user.
  chmodSync(folder, 0o711);
  const troubles: string[] = [];
  const started: Ingest[] = [];
  afterAll(async () => {
    for (const ingest of started) await ingest.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    queryEntry: join(root, "packages/cli/dist/query-child.mjs"),
    troubles,
    start: async (change = {}, db = database.db, now = () => new Date()) => {
      const ingest = await startIngest(
        { ...database.ctx(), db, now },
        {
          folder, rules, workerEntry: join(root, "packages/cli/dist/worker.mjs"), workers: 2, onTrouble: (text) => troubles.push(text), onFindings: async () => undefined,
          belongs: () => ({ team: null, service: null, environment: "unknown", tier: null, unclear: "no catalog" }), ...change,
        },
      );
      started.push(ingest);
      return ingest;
    },
  };
}

/** Sends a body as one sender does. */
export function send(ingest: Ingest, body: string | Buffer, change: { source?: string; key?: string } = {}): Promise<Receipt> {
  return ingest.receiver.receive({ source: change.source ?? "aws.cloudtrail", sender: "token-1", key: change.key ?? null, origin: null, body: Readable.from([Buffer.from(body)]), stillIn: async () => true });
}

/** Waits until all that was received is in the lake. */
export async function settled(ingest: Ingest): Promise<void> {
  await ingest.receiver.spool.seal();
  while (ingest.backlog() > 0) await new Promise(setImmediate);
}

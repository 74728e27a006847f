import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "@corduroy/core/store";
import { setUp } from "../service/account.ts";
import { openServiceDatabase, quiet } from "../service/lakeCheck.ts";
import { allNamesBut, NAMES_FIRST, WORST } from "./disk/powerCut.ts";
import type { Stage } from "./stage.ts";

/** A short life of a service that ends with a power cut at the worst moment for some of its syncs. */
export interface Script {
  name: string;
  /** Begins with a folder of nothing; else with a service that has an admin. */
  fromNothing: boolean;
  /** Call sites that are needed here: without any one of them, this goes wrong. */
  shows: readonly string[];
  play(stage: Stage): Promise<void>;
}

/** The wait for the disk before a sender is answered. */
const RECEIPT = "keep (receipt/spool.ts)";
const CLUSTER = "syncPath (embedded/durable.ts) < ensureCluster (embedded/cluster.ts)";
const PART = "syncFile (lake/durable.ts) < moveIntoPlace (lake/durable.ts) < finishPart (lake/lake.ts)";
const FOLDERS = "syncFolder (lake/durable.ts) < make (lake/durable.ts)";

/** Each ends with the power cut; the service is started and looked at afterwards. */
export const SCRIPTS: readonly Script[] = [
  {
    name: "power is lost right after a receipt",
    fromNothing: false,
    shows: [RECEIPT, "syncFolder (lake/durable.ts) < begin (receipt/spool.ts)"],
    play: async (stage) => {
      await stage.start();
      await stage.send("key");
      await stage.cut(WORST);
    },
  },
  {
    name: "power is lost after a commit",
    fromNothing: false,
    shows: [PART, FOLDERS, "syncFolder (lake/durable.ts) < moveIntoPlace (lake/durable.ts) < finishPart (lake/lake.ts)"],
    play: async (stage) => {
      await stage.start();
      for (const identity of ["key", "vendor", "place"] as const) await stage.send(identity);
      await quiet(stage.data);
      await stage.cut(WORST);
    },
  },
  {
    name: "power is lost after a second receipt of what a killed service had written and not synced",
    fromNothing: false,
    shows: ["syncFile (lake/durable.ts) < open (receipt/spool.ts)"],
    play: async (stage) => {
      await stage.start({ hang: RECEIPT });
      const body = stage.body("key");
      const sent = stage.sendBody(body).catch(() => undefined);
      while (!hasBytes(join(stage.data, "spool"))) await wait(20);
      await stage.program.killAll();
      await sent;
      const up = stage.start();
      const held = await holdCommits(stage.data);
      await up;
      await stage.sendBody(body);
      await stage.cut(WORST);
      await held.close();
    },
  },
  {
    name: "power is lost after the clean-up of what a killed service had begun",
    fromNothing: false,
    shows: ["syncFolder (lake/durable.ts) < removeFiles (lake/durable.ts) < forget (lake/postgres-manifest.ts)"],
    play: async (stage) => {
      await stage.start();
      const held = await holdCommits(stage.data);
      await stage.send("vendor");
      // The files are in their places then, and the transaction waits for us.
      while (!hasFiles(join(stage.data, "lake/events"))) await wait(20);
      await stage.program.killAll();
      await held.close();
      // The next one removes them and begins again; it must not get as far as another sync of their folder.
      await stage.start({ die: PART }).catch(() => undefined);
      while (stage.program.alive) await wait(20);
      await stage.cut(WORST);
    },
  },
  {
    name: "power is lost while it runs, and names reach the disk before content",
    fromNothing: false,
    shows: ["writeTemporary (lake/durable.ts) < createFile (lake/durable.ts) < taken (lake/lock.ts)"],
    play: async (stage) => {
      await stage.start();
      await stage.cut(NAMES_FIRST);
    },
  },
  {
    name: "power is lost after an orderly stop",
    fromNothing: false,
    shows: ["writeTemporary (lake/durable.ts) < replaceFile (lake/durable.ts) < release (lake/lock.ts)"],
    play: async (stage) => {
      await stage.start();
      await stage.program.stop();
      await stage.cut(WORST);
    },
  },
  {
    name: "power is lost on the first day",
    fromNothing: true,
    shows: [
      "writeMarker (src/dataFolder.ts)", "keptPassword (embedded/postgres.ts)", "write (keys/openKey.ts)", "syncFolderOf (keys/openKey.ts)", CLUSTER,
      "writeTemporary (lake/durable.ts) < createFile (lake/durable.ts) < createLake (lake/lake.ts)",
    ],
    play: async (stage) => {
      stage.account = await setUp(stage.program.origin, await stage.start());
      await stage.send("vendor");
      await quiet(stage.data);
      await stage.cut(WORST);
    },
  },
  {
    name: "power is lost when the first start has just made its database",
    fromNothing: true,
    shows: ["syncFolder (lake/durable.ts) < prepared (src/dataFolder.ts)", "syncPath (embedded/durable.ts) < keptPassword (embedded/postgres.ts)"],
    play: async (stage) => {
      await stage.start({ die: CLUSTER }).catch(() => undefined);
      await stage.cut(allNamesBut("corduroy.json", "secrets", "secrets/postgres"));
    },
  },
  {
    name: "power is lost when the first start has just made its lake",
    fromNothing: true,
    shows: ["syncFolder (lake/durable.ts) < createLake (lake/lake.ts)"],
    play: async (stage) => {
      await stage.start({ die: FOLDERS }).catch(() => undefined);
      await stage.cut(allNamesBut("lake/lake.json"));
    },
  },
];

/** Call sites on the service's road that nothing depends on, and why they stay. */
export const UNNEEDED: ReadonlyMap<string, string> = new Map([
  ["syncFolder (lake/durable.ts) < replaceFile (lake/durable.ts) < release (lake/lock.ts)", "a lock that is not released belongs to a process that has ended, and is taken over"],
  ["syncFolder (lake/durable.ts) < removeFiles (lake/durable.ts) < removeOld (lake/lock.ts)", "old lock files that come back are removed again"],
]);

/** Keeps every batch from being committed for as long as this connection lives; waits for the database if it is not there yet. */
async function holdCommits(data: string): Promise<Database> {
  for (;;) {
    let database: Database | null = null;
    try {
      database = openServiceDatabase(data);
      const client = await database.pool.connect();
      await client.query("BEGIN");
      await client.query("LOCK TABLE lake_batches IN EXCLUSIVE MODE");
      const { pool } = database;
      return { ...database, close: async () => {
        client.release(true);
        await pool.end();
      } };
    } catch {
      await database?.close();
      await wait(20);
    }
  }
}

function hasFiles(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder, { recursive: true, encoding: "utf8" }).some((name) => name.endsWith(".parquet"));
}

function hasBytes(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => statSync(join(folder, name)).size > 0);
}

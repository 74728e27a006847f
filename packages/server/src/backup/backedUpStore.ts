import { join } from "node:path";
import { Conflict } from "@corduroy/core/kernel";
import { takeLock, type Lock } from "@corduroy/core/lake";
import { ensureDatabase, openDatabase, runningPostgres, startPostgres, type Address, type Database } from "@corduroy/core/store";

/** The database of a data folder, for as long as a backup takes. */
export interface OpenStore {
  database: Database;
  close(): Promise<void>;
}

/**
 * Opens the database of a data folder: the one by URL if there is one; that of the running service, through its socket; or, when none runs, a PostgreSQL that is started for
 * the purpose, under the folder's lock.
 * @throws Unavailable
 */
export async function storeOf(data: string, databaseUrl: string | null): Promise<OpenStore> {
  if (databaseUrl !== null) return foreignStore(databaseUrl);
  const place = { folder: join(data, "postgres"), passwordFile: join(data, "secrets/postgres") };
  const lock = await lockUnlessHeld(join(data, "lock"));
  if (lock === null) return opened({ ...runningPostgres(place), database: "corduroy" }, async () => undefined);
  try {
    return await ownStore(place, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Starts the PostgreSQL of a folder, and makes it on the first start. @param afterwards runs once it has ended */
export async function ownStore(place: { folder: string; passwordFile: string }, afterwards: () => Promise<void>): Promise<OpenStore> {
  const postgres = await startPostgres({ ...place, sync: true });
  const address = { ...postgres.address, database: "corduroy" };
  const stop = async (): Promise<void> => {
    await postgres.stop();
    await afterwards();
  };
  try {
    await ensureDatabase(address);
    return opened(address, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A PostgreSQL of somebody else's. */
export function foreignStore(url: string): OpenStore {
  return opened({ url }, async () => undefined);
}

function opened(address: Address, afterwards: () => Promise<void>): OpenStore {
  const database = openDatabase(address);
  return {
    database,
    close: async () => {
      await database.close();
      await afterwards();
    },
  };
}

async function lockUnlessHeld(folder: string): Promise<Lock | null> {
  try {
    return await takeLock(folder);
  } catch (error) {
    if (error instanceof Conflict) return null;
    throw error;
  }
}

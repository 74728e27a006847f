import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, inject } from "vitest";
import type { Actor } from "../../kernel/index.ts";
import { openDatabase, type Address, type Database, type DbCtx } from "../database.ts";

/** What the tests of a file have of their database; its members are there from `beforeAll` on. */
export interface TestDatabase extends Database {
  address: Extract<Address, { host: string }>;
  /** A context of this database, in which everything is allowed unless a policy is given. The clock stands still until `at` is set. */
  ctx(actor?: Actor, allows?: DbCtx["allows"]): DbCtx;
  at: Date;
}

/** Gives the tests of a file a database of their own, cloned from the template with all tables. */
export function testDatabase(): TestDatabase {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const server = inject("postgres");
  const test = { at: new Date("2026-11-21T12:00:00Z") } as TestDatabase;
  const asked = async (statement: string): Promise<void> => {
    const postgres = openDatabase({ ...server, database: "postgres" });
    await postgres.pool.query(statement);
    await postgres.close();
  };
  beforeAll(async () => {
    await asked(`CREATE DATABASE ${name} TEMPLATE ${server.database}`);
    test.address = { ...server, database: name };
    Object.assign(test, openDatabase(test.address));
    test.ctx = (actor = { kind: "system", name: "test" }, allows = () => true) => ({ actor, db: test.db, now: () => test.at, address: null, allows });
  });
  afterAll(async () => {
    await test.close();
    await asked(`DROP DATABASE ${name} WITH (FORCE)`);
  });
  return test;
}

import { mkdtempSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { ensureDatabase, migrate, openDatabase, startPostgres, type Address } from "../packages/core/src/store/index.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** A PostgreSQL for the tests of this run; `database` is a template with all tables, to be cloned and never connected to. */
    postgres: Extract<Address, { host: string }>;
  }
}

/** Starts one PostgreSQL for all tests of a run, without waiting for the disk, and makes the template that test files clone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "corduroy-pg-"));
  await chmod(folder, 0o711);
  const server = await startPostgres({ folder: join(folder, "postgres"), passwordFile: join(folder, "password"), sync: false });
  const address = { ...server.address, database: "template_corduroy" };
  await ensureDatabase(address);
  const template = openDatabase(address);
  await migrate(template, fileURLToPath(new URL("../packages/core/src/store/migrations", import.meta.url)));
  await template.close();
  project.provide("postgres", address);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

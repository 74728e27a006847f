import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, Program } from "../service/program.ts";

/** A folder of a run: the data folder of its service, and beside it the service's log. */
export interface Place {
  folder: string;
  program: Program;
  remove(): void;
}

/** Makes a folder for a run, in the system's temporary one: PostgreSQL of a root user runs as `nobody`, who must get there. */
export async function newPlace(root: string): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "corduroy-soak-"));
  chmodSync(folder, 0o711);
  const data = join(folder, "data");
  mkdirSync(data);
  return { folder, program: new Program({ root, data, port: await freePort(), log: join(folder, "log") }), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A file beside the running bundle, or above it in the package: `worker.mjs`, the built-in rules. */
function beside(...candidates: string[]): string {
  const found = candidates.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path));
  if (!found) throw new Error(`the installation is incomplete: ${candidates[0]} is missing`);
  return found;
}

export const workerEntry = (): string => beside("./worker.mjs");
export const queryEntry = (): string => beside("./query-child.mjs");
export const builtInRules = (): string => beside("../content/rules", "../../../content/rules");
export const envelopeSchema = (): string => beside("../content/envelope/app.event.schema.json", "../../../content/envelope/app.event.schema.json");
export const migrations = (): string => beside("../migrations", "../../core/src/store/migrations");
export const policies = (): string => beside("../content/policies", "../../../content/policies");
export const web = (): string => beside("./web", ".");

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { freshBundle } from "./bundle.mjs";

/** Builds the CLI once before the tests that start it, when its sources have changed. */
export default async function setup(): Promise<void> {
  if (existsSync(fileURLToPath(new URL("../packages/cli/src/main.ts", import.meta.url)))) await freshBundle();
}

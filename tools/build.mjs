// npm run build: bundles the CLI when its sources have changed. The launchers and the tests do the same by themselves.
import { requireNode } from "../packages/cli/bin/node-version.mjs";
import { freshBundle } from "./bundle.mjs";
import { ensureDependencies } from "./dependencies.mjs";

requireNode();
try {
  ensureDependencies();
  console.log(`packages/cli/dist: ${await freshBundle()}`);
} catch (error) {
  console.error(`build: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

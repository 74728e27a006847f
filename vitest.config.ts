import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { OURS, throughDoors } from "./tools/doors.mjs";

const doors = throughDoors(fileURLToPath(new URL(".", import.meta.url)));

/**
 * Tests that start processes, real stores or browsers end in `.int.test.ts`; everything else is quick. The quick ones run first and on all
 * cores. Time limits are there to end a hang, and leave room for a slow machine.
 */
export default defineConfig({
  // A test of one file does not load the house.
  plugins: [{ name: "through doors", enforce: "pre", load: (path) => (OURS.test(path) ? doors.rewritten(path) : null) }],
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "quick",
          include: ["{packages,tools,bench}/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/*.int.test.ts"],
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "int",
          include: ["{packages,tools,bench}/**/*.int.test.ts"],
          exclude: ["**/node_modules/**"],
          globalSetup: ["tools/vitest-build.ts", "tools/vitest-postgres.ts", "tools/vitest-chromium.ts"],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

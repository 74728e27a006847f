import { defineConfig } from "drizzle-kit";

/** `npm run migration -- --name what_changed`, after a change of a room's `tables.ts`. */
export default defineConfig({ dialect: "postgresql", schema: "./packages/core/src/*/tables.ts", out: "./packages/core/src/store/migrations" });

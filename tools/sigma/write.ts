// npm run sigma:coverage: writes docs/sigma-coverage.md.
import { writeFileSync } from "node:fs";
import { coveragePage } from "./coverage.ts";

writeFileSync(new URL("../../docs/sigma-coverage.md", import.meta.url), coveragePage());

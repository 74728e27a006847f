// Writes packages/ocsf/src/generated from a compiled OCSF schema:  node tools/generate-ocsf.mjs path/to/compiled-schema.json
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const [schemaPath] = process.argv.slice(2);
if (schemaPath === undefined) {
  console.error("usage: node tools/generate-ocsf.mjs path/to/compiled-schema.json");
  process.exit(2);
}

// The generator is TypeScript, and the oldest Node supported here does not read that: bundle it to a throwaway file first.
const ocsf = fileURLToPath(new URL("../packages/ocsf/src/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "generate-ocsf-"));
try {
  const outfile = join(folder, "generate.mjs");
  await build({ entryPoints: [join(ocsf, "generator/generate.ts")], bundle: true, format: "esm", platform: "node", outfile });
  const { generate } = await import(pathToFileURL(outfile).href);
  for (const [name, content] of Object.entries(generate(JSON.parse(readFileSync(schemaPath, "utf8"))))) {
    writeFileSync(join(ocsf, "generated", name), content);
    console.log(`${join("packages/ocsf/src/generated", name)}: ${Buffer.byteLength(content)} bytes`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

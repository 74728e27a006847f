import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { loadCatalog, type Catalog } from "../index.ts";

/** A folder with these files, by path inside it; it goes when the test is over. */
export function catalogFolder(files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(tmpdir(), "corduroy-catalog-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Loads one catalog file; each problem as `line:column message`. */
export async function load(text: string | Buffer): Promise<{ catalog: Catalog; problems: string[] }> {
  const { catalog, problems } = await loadCatalog([catalogFolder({ "catalog-info.yaml": text })]);
  return { catalog, problems: problems.map(({ line, column, message }) => `${line}:${column} ${message.replaceAll(/\/\S*\/catalog-info/g, "catalog-info")}`) };
}

/** A document of the catalog in YAML; `metadata` and `spec` are indented by two. */
export function document(kind: string, name: string, spec: string[] = [], annotations: string[] = []): string {
  return [
    "---",
    "apiVersion: backstage.io/v1alpha1",
    `kind: ${kind}`,
    "metadata:",
    `  name: ${name}`,
    ...(annotations.length > 0 ? ["  annotations:", ...annotations.map((line) => `    ${line}`)] : []),
    ...(spec.length > 0 ? ["spec:", ...spec.map((line) => `  ${line}`)] : []),
    "",
  ].join("\n");
}

export const TEAM = document("Group", "payments", ["type: team"]);

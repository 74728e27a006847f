import { access, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isTestFile } from "../detect/index.ts";
import { NotFound } from "../kernel/index.ts";

/** What a rule file and its test file have in common: `a/b` of `a/b.yml` and `a/b.test.yml`. */
export function stemOf(path: string): string {
  return path.replace(/(\.test)?\.ya?ml$/i, "");
}

/**
 * The rules that paths mean, and the test files that stand beside them. A test file means its rule.
 * @throws NotFound when a path, or the rule of a test file, does not exist
 */
export async function testFiles(paths: readonly string[]): Promise<{ rules: string[]; tests: string[] }> {
  const rules = new Set<string>();
  const tests = new Set<string>();
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (info?.isDirectory()) {
      rules.add(path);
      for (const file of await testFilesBelow(path)) tests.add(file);
      continue;
    }
    const rule = isTestFile(path) ? (await existing([`${stemOf(path)}.yml`, `${stemOf(path)}.yaml`]))[0] : path;
    if (!info || rule === undefined) throw new NotFound(`no rule at ${path}: there is no such file or folder`);
    rules.add(rule);
    for (const file of isTestFile(path) ? [path] : await existing([`${stemOf(path)}.test.yml`, `${stemOf(path)}.test.yaml`])) tests.add(file);
  }
  return { rules: [...rules], tests: [...tests] };
}

/** In the folders that `loadRules` looks into: hidden ones and links to folders are passed by. */
async function testFilesBelow(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.name.startsWith("."));
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return testFilesBelow(path);
      return isTestFile(path) ? [path] : [];
    }),
  );
  return found.flat().sort();
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => access(path).then(() => path, () => null)));
  return found.filter((path) => path !== null);
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { checkVerbs } from "./check.ts";

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

const door = "packages/core/src/findings/index.ts";
const file = "packages/core/src/findings/close.ts";

/** A small house: identity, which has `authorize`, and a room with one file. */
function checked(code: string, exported: string, excused: Record<string, string> = {}): ReturnType<typeof checkVerbs> {
  root = mkdtempSync(join(tmpdir(), "verbs-"));
  const files = {
    "tools/verbs.json": JSON.stringify(excused),
    "packages/core/src/identity/index.ts": 'export { authorize } from "./access/authorize.ts";\nexport { listUsers } from "./listUsers.ts";\n',
    "packages/core/src/identity/access/authorize.ts": "export async function authorize(ctx: DbCtx, action: string): Promise<void> {}\n",
    "packages/core/src/identity/listUsers.ts": 'import { authorize } from "./access/authorize.ts";\nexport const listUsers = async (ctx: DbCtx) => authorize(ctx, "users.read");\n',
    "packages/core/src/findings/edit.ts": 'import { authorize } from "../identity/index.ts";\nexport async function edit(ctx: DbCtx) { await inTransaction(ctx, async (inside) => { await authorize(inside, "x"); }); }\nexport function mark({ db }: DbCtx) {}\n',
    [door]: `export { ${exported} } from "./close.ts";\n`,
    [file]: `import { authorize as ask, listUsers } from "../identity/index.ts";\nimport { edit, mark } from "./edit.ts";\n${code}\n`,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return checkVerbs(root);
}

const silent = (verb: string): string => `packages/core/src: ${verb} takes a context and never calls authorize; call it, or say in tools/verbs.json why it need not`;

describe("the verbs of the rooms", () => {
  it("all ask the policies, or are excused with a reason that still holds", () => {
    const { verbs, problems } = checkVerbs(fileURLToPath(new URL("../..", import.meta.url)));
    expect(problems).toEqual([]);
    expect(verbs).toBeGreaterThan(80);
  });

  it.each([
    ["by themselves", 'export async function close(ctx: DbCtx) { await ask(ctx, "y"); }', "close"],
    ["through a function of the file", "export const close = async (ctx: DbCtx) => change(ctx);\nfunction change(ctx: DbCtx) { return [() => edit(ctx)]; }", "close"],
    ["through another room", "export function close(ctx: DbCtx) { return listUsers(ctx); }", "close"],
    ["under another name", "function close(ctx: DbCtx) { return edit(ctx); }\nexport { close };", "close as shut"],
    ["through a method of the class", "export class Check { run(ctx: DbCtx) { return this.look(ctx); } private look(ctx: DbCtx) { return edit(ctx); } }", "Check"],
  ])("ask %s", (_, code, exported) => expect(checked(code, exported).problems).toEqual([]));

  it.each([
    ["does nothing of the kind", "export function close(ctx: DbCtx) { mark(ctx); close(ctx); }", "close", "findings.close"],
    ["takes its context apart", "export async function close({ db, now }: DbCtx) {}", "close", "findings.close"],
    ["has a function of that name of its own", "export function close(ctx: DbCtx) { authorize(ctx); }\nfunction authorize(ctx: DbCtx) {}", "close", "findings.close"],
    ["only mentions it", "export function close(ctx: DbCtx) { /* ask(ctx) */ return ['ask(ctx)', ask]; }", "close", "findings.close"],
    ["is a method", "export class Check { run(ctx: DbCtx) {} private look(ctx: DbCtx) {} }", "Check", "findings.Check.run"],
    ["has another name outside", "export function close(ctx: DbCtx) {}", "close as shut", "findings.shut"],
  ])("does not overlook one that %s", (_, code, exported, verb) => expect(checked(code, exported).problems).toEqual([silent(verb)]));

  it("leaves functions without a context alone, and what the door does not give", () => {
    expect(checked("export function close(db: Db) {}\nexport function inner(ctx: DbCtx) {}", "close").problems).toEqual([]);
  });

  it("wants a reason, and no line that is over", () => {
    expect(checked("export function close(ctx: DbCtx) {}", "close", { "findings.close": "the schedule's" }).problems).toEqual([]);
    rmSync(root, { recursive: true });
    expect(checked("export function close(ctx: DbCtx) {}", "close", { "findings.close": " ", "findings.gone": "x" }).problems).toEqual([
      "tools/verbs.json: there is no verb findings.gone that does not ask; remove the line",
      "tools/verbs.json: findings.close has no reason",
    ]);
  });
});

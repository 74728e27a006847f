import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { api } from "@corduroy/contract";
import { testService } from "@corduroy/server/test";
import { commandsIn } from "./docs/commands.ts";

const page = readFileSync(join(fileURLToPath(new URL("..", import.meta.url)), "docs/start.md"), "utf8");
const commands = commandsIn(page).map(({ words }) => words);
const test = testService();

/** Words of a command after its program's name. */
const argumentsOf = (program: string): string[] => commands.find(([name]) => name === program)!.slice(1);

/** What `curl` does with the options that the page uses. */
async function curl(words: readonly string[], file: string, token: string): Promise<Response> {
  const headers = words.flatMap((word, index) => (words[index - 1] === "-H" ? [word.replace("$CORDUROY_TOKEN", token).split(/: (.*)/).slice(0, 2) as [string, string]] : []));
  expect(words.at(-2)).toBe("--data-binary");
  const url = new URL(words.find((word) => word.startsWith("http://"))!);
  return test.fetch(url.pathname, { method: "POST", headers, body: file });
}

it("leads from a new service to the first event and its finding, by its own words", async () => {
  const [, scope = ""] = /with the scope `([^`]+)`/.exec(page)!;
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "first", scopes: [scope], days: 30 } });
  const answer = await curl(argumentsOf("curl"), argumentsOf("echo")[0]!, token);
  expect(Object.keys((await answer.json()) as object)).toEqual(["id", "bytes", "repeated"]);
  await test.service.ingest.receiver.spool.seal();
  while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
  expect((await test.admin.call(api.findings.list, { query: {} })).items).toMatchObject([{ entity: { name: "mallory" } }]);

  const { token: reader } = await test.admin.call(api.admin.createToken, { body: { name: "reader", scopes: [/with a token of the scope `([^`]+)`/.exec(page)![1]!], days: 30 } });
  const sql = commands.find((words) => words[1] === "query")![2]!;
  const rows = await test.fetch("/v1/query", { method: "POST", headers: { Authorization: `Bearer ${reader}`, "Content-Type": "application/json" }, body: JSON.stringify({ sql }) });
  expect((await rows.text()).split("\n")[1]).toContain('"mallory","StopLogging","203.0.113.24"');
});

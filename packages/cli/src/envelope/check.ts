import { readFile } from "node:fs/promises";
import { eachRecord } from "@corduroy/core/ingest";
import { Invalid, visible } from "@corduroy/core/kernel";
import { countOf, countText } from "@corduroy/core/reports";
import { parseRecord, recognise } from "@corduroy/core/sources";
import { EXIT } from "../exit.ts";
import { envelopeSchema } from "../paths.ts";
import { envelopeProblems, type EnvelopeProblem } from "./envelopeProblems.ts";

/** A problem and where it stands. */
interface Problem extends EnvelopeProblem {
  file: string;
  line: number;
}

/** Problems that are told one by one; all are counted. */
const MOST = 1_000;

/** `corduroy envelope check`: tells what is wrong with events of one's own applications. Sets the exit code. */
export async function checkCommand(inputs: string[], { format }: { format: "text" | "json" }): Promise<void> {
  const problemsOf = envelopeProblems(JSON.parse(await readFile(envelopeSchema(), "utf8")) as object);
  const problems: Problem[] = [];
  let records = 0;
  let ok = 0;
  let found = 0;
  const add = (problem: Problem): void => {
    found++;
    if (problems.length < MOST) problems.push(problem);
  };
  await eachRecord(inputs, {
    record: ({ location, line }, text) => {
      records++;
      const own = recordProblems(text, problemsOf);
      if (own.length === 0) ok++;
      for (const problem of own) add({ file: location, line, ...problem });
    },
    unreadable: (file, reason) => add({ file, line: 0, pointer: "", message: reason, hint: "What is behind that place was not looked at." }),
  });
  if (records === 0) throw problems[0] === undefined ? new Invalid(`There is no record in ${inputs.join(", ")}.`, { hint: "An event is a JSON object on a line of its own." }) : new Invalid(`${problems[0].file}: ${problems[0].message}`);
  process.stdout.write(format === "json" ? `${JSON.stringify({ records, ok, found, problems }, null, 2)}\n` : [...problems.map(told), `${countOf(records, "record")}, ${countText(ok)} ok, ${countOf(found, "problem")}\n`].join(""));
  process.exitCode = found === 0 ? EXIT.nothing : EXIT.findings;
}

/** Of what wraps the event, the event counts. Mozilla's envelope has members of its own, and is read as it is. */
function recordProblems(text: string, problemsOf: (record: Readonly<Record<string, unknown>>) => EnvelopeProblem[]): EnvelopeProblem[] {
  const record = parseRecord(text);
  if (record === null) return [{ pointer: "", message: "This is no JSON object.", hint: "Write one JSON object a line, and nothing else to this output." }];
  const told = recognise(record);
  const event = (told.text === null ? null : parseRecord(told.text)) ?? record;
  return told.source.id === "app.event" && event["EnvVersion"] !== undefined ? [] : problemsOf(event);
}

function told({ file, line, message, hint }: Problem): string {
  return `${visible(line === 0 ? `${file}: ${message}` : `${file}:${line}: ${message}`)}\n  ${visible(hint)}\n`;
}

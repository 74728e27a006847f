import { readFileSync } from "node:fs";
import { recognise } from "@corduroy/core/sources";
import fc from "fast-check";
import { expect, it } from "vitest";
import { envelopeProblems } from "./envelopeProblems.ts";

const schema = JSON.parse(readFileSync(new URL("../../../../content/envelope/app.event.schema.json", import.meta.url), "utf8")) as { required: string[]; properties: Record<string, { description: string; examples: unknown[]; enum?: unknown[] }> };
const problemsOf = envelopeProblems(schema);
const needed = Object.fromEntries(schema.required.map((name) => [name, schema.properties[name]!.examples[0]]));

it("finds good what the schema gives as examples, whatever else is there", () => {
  const members = Object.entries(schema.properties).map(([name, { examples, enum: values }]) => [name, fc.constantFrom(...(values ?? examples))] as const);
  fc.assert(fc.property(fc.record(Object.fromEntries(members), { requiredKeys: schema.required }), (event) => {
    expect(problemsOf(event)).toEqual([]);
    expect(recognise(event).source.id).toBe("app.event");
  }));
});

it("recognises whatever the schema lets pass", () => {
  const event = fc.record({ time: fc.date({ noInvalidDate: true, min: new Date("0000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z") }).map((date) => date.toISOString()), type: fc.stringMatching(/^[a-z][a-z0-9_.-]{0,20}$/), logger: fc.string({ unit: "binary" }), severity: fc.constantFrom("debug", "critical", "WARN") });
  fc.assert(fc.property(event, (one) => void (problemsOf(one).length === 0 && expect(recognise(one).source.id).toBe("app.event"))), { numRuns: 500 });
});

it("says of every member what belongs there", () => {
  for (const [name, { description }] of Object.entries(schema.properties)) {
    expect(problemsOf({ ...needed, [name]: 17 })).toMatchObject([{ pointer: `/${name}`, hint: expect.stringContaining(description) as string }]);
  }
});

it.each([
  [{ actor: { mail: "x" } }, "/actor/mail", 'The envelope has no "actor.mail".', /an e-mail address, an id, or an object/],
  [{ actor: { email: "ines" } }, "/actor/email", '"actor.email" is not what it should be.', /Their e-mail address/],
  [{ actor: {} }, "/actor", '"actor" must NOT have fewer than 1 properties.', /Whoever did it/],
  [{ time: "2024-02-30T00:00:00Z" }, "/time", '"time" is not what it should be.', /RFC 3339/],
  [{ type: "Login Failed" }, "/type", '"type" is not what it should be.', /lower-case words/],
  [{ source_address: "10.0.0.300" }, "/source_address", '"source_address" is not what it should be.', /one IP address/],
  [{ "a/b": 1 }, "/a~1b", 'The envelope has no "a~1b".', /Put it into "fields"/],
])("tells of %j", (member, pointer, message, hint) => expect(problemsOf({ ...needed, ...member })).toEqual([{ pointer, message, hint: expect.stringMatching(hint) as string }]));

it("tells of everything that is missing", () => expect(problemsOf({}).map(({ message }) => message)).toEqual(schema.required.map((name) => `"${name}" is missing.`)));

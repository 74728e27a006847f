import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { schemaPath } from "../test/compiled-schema.ts";
import { generate } from "./generate.ts";

test.skipIf(!process.env["CORDUROY_SAMPLES"])("generating again gives the committed files, byte for byte, without prose", () => {
  const document = JSON.parse(readFileSync(schemaPath(), "utf8")) as unknown;
  for (const [name, content] of Object.entries(generate(document))) {
    expect(content === readFileSync(new URL(`../generated/${name}`, import.meta.url), "utf8"), name).toBe(true);
    expect(content).not.toMatch(/description|The /);
    expect(Buffer.byteLength(content)).toBeLessThan(300_000);
  }
});

function identifier(value: string, caption: string): object {
  return { type: "integer_t", requirement: "required", enum: { [value]: { caption, description: "prose" } } };
}

/** The smallest schema the generator takes: one class, one object. */
function smallSchema(): { readonly classes: { readonly login: { readonly attributes: object } } } {
  const schema = {
    version: "9.9.9",
    categories: { attributes: { iam: { uid: 3, caption: "Identity" } } },
    dictionary: { types: { attributes: { integer_t: {}, string_t: {}, name_t: { type: "string_t", regex: "^`${a}\\.$" } } } },
    profiles: {},
    objects: { thing: { attributes: { name: { type: "name_t", requirement: "recommended", profiles: ["host"] } }, constraints: { at_least_one: ["name"] } } },
    classes: {
      login: {
        uid: 3002,
        caption: "Login",
        category_uid: 3,
        profiles: ["host"],
        attributes: {
          activity_id: identifier("1", "Logon"),
          category_uid: identifier("3", "Identity"),
          class_uid: identifier("3002", "Login"),
          type_uid: identifier("300201", "Login: Logon"),
          things: { type: "object_t", object_type: "thing", is_array: true, requirement: "optional", profiles: null },
        },
      },
    },
  };
  return schema;
}

test("a small schema, written out", () => {
  const files = generate(smallSchema());
  const [, text = ""] = /String\.raw`([\s\S]*)`;/.exec(files["facts.ts"]) ?? [];
  expect(JSON.parse(text)).toEqual({
    categories: { 3: "Identity" },
    types: { integer_t: { base: "integer_t" }, name_t: { base: "string_t", pattern: "^`${a}\\.$" }, string_t: { base: "string_t" } },
    definitions: {
      activity_id: { type: "integer_t", enum: { 1: "Logon" } },
      category_uid: { type: "integer_t" },
      class_uid: { type: "integer_t" },
      name: { type: "name_t" },
      things: { object: "thing", array: true },
      type_uid: { type: "integer_t" },
    },
    objects: { thing: { attributes: "name+:host", at_least_one: ["name"] } },
    everyClass: "activity_id! category_uid! class_uid! things type_uid!",
    classes: { login: { uid: 3002, caption: "Login", category: 3, profiles: ["host"], attributes: "" } },
  });
  expect(text).not.toMatch(/`|\$\{/);
  expect(files["types.ts"]).toContain("export interface Thing {\n  name?: string;\n}");
  expect(files["types.ts"]).toContain("things?: Thing[];");
  expect(files["types.ts"]).toContain("type_uid: 300201;");
});

test("a schema that breaks what the validator relies on is refused", () => {
  expect(() => generate({})).toThrow(/not a compiled OCSF schema/);
  expect(() => generate(null)).toThrow(/not a compiled OCSF schema/);
  const constraint = smallSchema();
  Object.assign(constraint.classes.login, { constraints: { all_of: ["x"] } });
  expect(() => generate(constraint)).toThrow("login: unknown constraint all_of");
  const type = smallSchema();
  Object.assign(type.classes.login.attributes, { odd: { type: "odd_t", requirement: "optional" } });
  expect(() => generate(type)).toThrow("login.odd: unknown type odd_t");
  const derived = smallSchema();
  Object.assign(derived.classes.login.attributes, { type_uid: { type: "integer_t", requirement: "required", enum: { 300202: { caption: "Login: Logon" } } } });
  expect(() => generate(derived)).toThrow("login: the values of type_uid do not follow from the class");
});

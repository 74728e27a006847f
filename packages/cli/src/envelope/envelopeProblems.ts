import type { JsonRecord } from "@corduroy/core/sources";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** What is wrong with a record, where (a JSON pointer), and what to do. */
export interface EnvelopeProblem {
  pointer: string;
  message: string;
  hint: string;
}

/** A member's schema: what it says of itself is what people are told. */
interface Member {
  description?: string;
  examples?: unknown[];
  properties?: Record<string, Member>;
}

/** Looks a record over with this JSON Schema (draft 2020-12). Every problem is told, one for each place. */
export function envelopeProblems(schema: object): (record: JsonRecord) => EnvelopeProblem[] {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return (record) => {
    validate(record);
    const problems = new Map<string, EnvelopeProblem>();
    for (const error of validate.errors ?? []) {
      const problem = told(error, schema);
      if (!problems.has(problem.pointer)) problems.set(problem.pointer, problem);
    }
    return [...problems.values()];
  };
}

function told({ keyword, instancePath, params, message }: ErrorObject, schema: Member): EnvelopeProblem {
  const { missingProperty, additionalProperty } = params as { missingProperty?: string; additionalProperty?: string };
  const name = missingProperty ?? additionalProperty;
  const pointer = name === undefined ? instancePath : `${instancePath}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  if (additionalProperty !== undefined) return { pointer, message: `The envelope has no ${quoted(pointer)}.`, hint: instancePath === "" ? `Put it into "fields".` : about(memberAt(schema, instancePath)) };
  const hint = about(memberAt(schema, pointer));
  if (missingProperty !== undefined) return { pointer, message: `${quoted(pointer)} is missing.`, hint };
  const wrong = keyword === "type" || keyword === "maxLength" || keyword === "minLength" || keyword === "minProperties" ? (message ?? "is wrong") : "is not what it should be";
  return { pointer, message: `${quoted(pointer)} ${wrong}.`, hint };
}

/** `/actor/email` -> `"actor.email"` */
const quoted = (pointer: string): string => `"${pointer.slice(1).replaceAll("/", ".")}"`;

const memberAt = (schema: Member, pointer: string): Member | undefined => pointer.split("/").slice(1).reduce<Member | undefined>((at, name) => at?.properties?.[name], schema);

function about(member: Member | undefined): string {
  const example = member?.examples?.[0];
  return [member?.description, ...(example === undefined ? [] : [`Such as: ${JSON.stringify(example)}`])].join(" ");
}

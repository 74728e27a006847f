import { factsModule } from "./facts.ts";
import { readSchema } from "./schema.ts";
import { typesModule } from "./types.ts";

/**
 * Takes the parsed compiled schema and gives the generated files: name in `src/generated` to content. The same schema always gives the same bytes.
 *
 * @throws Error when the document is not a compiled schema, or breaks an assumption of the validator.
 */
export function generate(document: unknown): Readonly<Record<"facts.ts" | "types.ts", string>> {
  const schema = readSchema(document);
  return { "facts.ts": factsModule(schema), "types.ts": typesModule(schema) };
}

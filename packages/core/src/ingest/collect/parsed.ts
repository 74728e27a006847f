import type * as z from "zod";
import { Invalid } from "../../kernel/index.ts";

/** @throws Invalid that names the place, and never repeats a value: it may be a secret */
export function parsed<T extends z.ZodType>(shape: T, input: unknown): z.output<T> {
  const result = shape.safeParse(input);
  if (result.success) return result.data;
  const { path = [], message = "" } = result.error.issues[0] ?? {};
  throw new Invalid(`${path.map(String).join(".") || "The input"} is not right: ${message}`);
}

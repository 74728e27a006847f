import * as z from "zod";
import { Invalid } from "../kernel/index.ts";

/**
 * Input from outside, checked for its shape.
 * @throws Invalid naming the first wrong field; never its value, which may be a secret
 */
export function parsed<T extends z.ZodType>(shape: T, input: unknown): z.output<T> {
  const result = shape.safeParse(input);
  if (result.success) return result.data;
  const { path = [], message = "it has the wrong shape" } = result.error.issues[0] ?? {};
  throw new Invalid(`${path.length === 0 ? "The input" : path.map(String).join(".")} is not right: ${message}.`.replace(/\.\.$/, "."));
}

/** An e-mail address, in the lower case by which accounts are found. */
export const emailShape = z.string().trim().max(254).toLowerCase().pipe(z.email());

/** A person's name, or a thing's. */
export const nameShape = z.string().trim().min(1).max(120);

/** An id or a secret of ours, as somebody outside gives it back. */
export const textShape = z.string().min(1).max(256);

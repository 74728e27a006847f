import { readFile } from "node:fs/promises";
import { isCode } from "@corduroy/core/lake";
import { z } from "zod";
import { replacePrivateFile } from "../durable.ts";
import { Followed } from "./journal.ts";

const Header = z.object({
  /** Number of the body's first record. */
  from: z.number(),
  apart: z.boolean(),
  /** What is known of its text once it is received. */
  after: Followed,
});

/** A body that is being sent. */
export type Pending = z.infer<typeof Header> & { body: Buffer };

const NEWLINE = 0x0a;

/**
 * Keeps a body before it is sent. Whoever starts again after a crash sends these very bytes under the same name, whatever has become of the file they are of, so
 * that the service recognises them.
 */
export async function keepPending(path: string, { body, ...header }: Pending): Promise<void> {
  await replacePrivateFile(path, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]));
}

/** The body that was being sent last; null when there is none. */
export async function readPending(path: string): Promise<Pending | null> {
  try {
    const bytes = await readFile(path);
    const end = bytes.indexOf(NEWLINE);
    return { ...Header.parse(JSON.parse(bytes.toString("utf8", 0, end))), body: bytes.subarray(end + 1) };
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
}

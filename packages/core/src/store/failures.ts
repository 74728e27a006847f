import { DrizzleQueryError } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import { Unavailable } from "../kernel/index.ts";

/** Five characters (ISO 9075), of which one at least is a digit: `EPIPE` is none. */
const SQLSTATE = /^(?=.*[0-9])[0-9A-Z]{5}$/;

/** SQLSTATE of a failed statement, however deep the driver's error lies; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if ("code" in at && typeof at.code === "string" && SQLSTATE.test(at.code)) return at.code;
  return undefined;
}

/** Whether the database could not be reached, or went away: trying again later may help. */
export function isConnectionFailure(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return /^(?:08|57P|53)/.test(state);
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, syscall } = at as NodeJS.ErrnoException;
    // A socket that is not there; a file that is not there is something else.
    if (code === "ENOENT" ? syscall === "connect" : code !== undefined && /^(?:ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)/.test(code)) return true;
    if (/Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(at.message)) return true;
  }
  return false;
}

/** The error a person sees when the database is away. */
export function databaseGone(cause: unknown): Unavailable {
  return new Unavailable("The database cannot be reached.", { hint: "It is tried again by itself; if this goes on, look at the service's log.", cause });
}

/**
 * Has a statement fail in words that may be written down and shown. drizzle's own text is the statement with its parameters: people's data, and what
 * secrets are compared with. `sqlState` and `isConnectionFailure` say of the new error what they said of the old one.
 */
export async function withoutData<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (isConnectionFailure(error)) throw databaseGone(error instanceof DrizzleQueryError ? error.cause : error);
    throw error instanceof DrizzleQueryError ? refusal(error) : error;
  }
}

function refusal({ cause }: DrizzleQueryError): Error {
  const { constraint, table } = (cause ?? {}) as { constraint?: string; table?: string };
  return new Error(`The database refuses a statement (${[sqlState(cause) ?? "no code", constraint ?? table ?? []].flat().join(", ")}).`, { cause });
}

/** Makes every statement of a database, or of a transaction, fail so: here, lest everybody who writes an error down had to think of it. */
export function tellingNoData<Db extends NodePgDatabase>(db: Db): Db {
  const { session } = db._;
  const prepare = session.prepareQuery.bind(session);
  session.prepareQuery = (...given) => {
    const prepared = prepare(...given);
    const execute = prepared.execute.bind(prepared);
    prepared.execute = (values) => withoutData(execute(values));
    return prepared;
  };
  return db;
}

import { and, count, eq, gt, inArray, lt, max, sql } from "drizzle-orm";
import type { Db } from "../../store/index.ts";
import { signInFailures } from "../tables.ts";

/** Failures in the window, and when the newest was. */
export interface Tally {
  count: number;
  newest: Date | null;
}

const CLEARED_AT_ONCE = 100;

/** Until the end of this transaction nobody else counts attempts on this account or from this network. */
export async function lockAttempts(db: Db, account: string, network: string | null): Promise<void> {
  // Accounts before networks, always: two sign-ins never wait for each other in a circle.
  await db.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`account ${account}`}, 7117))`);
  if (network !== null) await db.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`network ${network}`}, 7117))`);
}

export async function failuresOfAccount(db: Db, account: string, since: Date): Promise<Tally> {
  return (await db.select({ count: count(), newest: max(signInFailures.at) }).from(signInFailures).where(and(eq(signInFailures.account, account), gt(signInFailures.at, since))))[0] ?? { count: 0, newest: null };
}

export async function failuresOfNetwork(db: Db, network: string, since: Date): Promise<Tally> {
  return (await db.select({ count: count(), newest: max(signInFailures.at) }).from(signInFailures).where(and(eq(signInFailures.network, network), gt(signInFailures.at, since))))[0] ?? { count: 0, newest: null };
}

/** Counts an attempt as failed until it is taken back, and clears away what lies before the window. @returns its id */
export async function insertFailure(db: Db, failure: { account: string; network: string | null; at: Date }, before: Date): Promise<number> {
  // Those that another sign-in clears away at this moment are left to it: waiting for each other in a circle is impossible then.
  const old = db.select({ id: signInFailures.id }).from(signInFailures).where(lt(signInFailures.at, before)).limit(CLEARED_AT_ONCE).for("update", { skipLocked: true });
  await db.delete(signInFailures).where(inArray(signInFailures.id, old));
  const [row] = await db.insert(signInFailures).values(failure).returning({ id: signInFailures.id });
  return row!.id;
}

export async function deleteFailure(db: Db, id: number): Promise<void> {
  await db.delete(signInFailures).where(eq(signInFailures.id, id));
}

export async function deleteFailuresOf(db: Db, account: string): Promise<void> {
  await db.delete(signInFailures).where(eq(signInFailures.account, account));
}

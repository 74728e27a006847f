import { Forbidden } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { sha256 } from "../oneWay.ts";
import { deleteFailuresOf, failuresOfAccount, failuresOfNetwork, insertFailure, lockAttempts, type Tally } from "../store/failures.ts";
import { ACCOUNT_FAILURES, delayAfter, NETWORK_FAILURES, networkOf, WINDOW_MS } from "./delay.ts";

/** An attempt under way. It counts as failed until it is taken back, so that a thousand at once are a thousand failures and not one. */
export interface Attempt {
  id: number;
  account: string;
}

/**
 * Begins an attempt to sign in as `name`, known or not.
 * @throws Forbidden while the account or the network has to wait; such an attempt does not count, or nobody would ever get in again
 */
export async function beginAttempt(ctx: DbCtx, name: string): Promise<Attempt> {
  const account = sha256(name);
  const network = networkOf(ctx.address);
  const now = ctx.now();
  const since = new Date(now.getTime() - WINDOW_MS);
  return inTransaction(ctx, async (tx) => {
    await lockAttempts(tx.db, account, network);
    const left = Math.max(
      leftOf(await failuresOfAccount(tx.db, account, since), ACCOUNT_FAILURES, now),
      network === null ? 0 : leftOf(await failuresOfNetwork(tx.db, network, since), NETWORK_FAILURES, now),
    );
    if (left > 0) throw new Forbidden("There were too many attempts to sign in.", { hint: `Try again in ${left < 60_000 ? `${Math.ceil(left / 1_000)} seconds` : `${Math.ceil(left / 60_000)} minutes`}. A passkey works at once.` });
    return { id: await insertFailure(tx.db, { account, network, at: now }, since), account };
  });
}

/**
 * Forgets this account's failures after a success. Those of others from the same network stay: else whoever has one account
 * could guess at all others without delay.
 */
export async function forgiveAccount(ctx: DbCtx, { account }: Attempt): Promise<void> {
  await lockAttempts(ctx.db, account, null);
  await deleteFailuresOf(ctx.db, account);
}

function leftOf({ count, newest }: Tally, free: number, now: Date): number {
  const delay = delayAfter(count, free);
  // One that waited for another is older than the other's failure: without a delay there is nothing to wait for all the same.
  return newest === null || delay === 0 ? 0 : newest.getTime() + delay - now.getTime();
}

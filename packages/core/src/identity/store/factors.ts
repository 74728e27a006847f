import { and, eq, gt, inArray, isNotNull, isNull, lt } from "drizzle-orm";
import type { Db } from "../../store/index.ts";
import { passkeyChallenges, passkeys, recoveryCodes, totpSecrets } from "../tables.ts";

export type PasskeyRow = typeof passkeys.$inferSelect;
export type TotpRow = typeof totpSecrets.$inferSelect;

const CLEARED_AT_ONCE = 100;

/** Which second factors a user has. */
export async function factorsOf(db: Db, userId: string): Promise<{ totp: boolean; passkeys: PasskeyRow[] }> {
  const totp = await db.select({ userId: totpSecrets.userId }).from(totpSecrets).where(and(eq(totpSecrets.userId, userId), isNotNull(totpSecrets.confirmedAt)));
  return { totp: totp.length > 0, passkeys: await db.select().from(passkeys).where(eq(passkeys.userId, userId)).orderBy(passkeys.createdAt) };
}

/** Keeps a secret until its first code; one that is confirmed stays. @returns whether it was kept */
export async function putTotp(db: Db, userId: string, sealed: string): Promise<boolean> {
  const kept = await db
    .insert(totpSecrets)
    .values({ userId, sealed, lastStep: 0 })
    .onConflictDoUpdate({ target: totpSecrets.userId, set: { sealed, lastStep: 0 }, setWhere: isNull(totpSecrets.confirmedAt) })
    .returning({ userId: totpSecrets.userId });
  return kept.length > 0;
}

export async function totpOf(db: Db, userId: string): Promise<TotpRow | undefined> {
  return (await db.select().from(totpSecrets).where(eq(totpSecrets.userId, userId)))[0];
}

/** Uses up a time step and all before it; of several that try at once, one succeeds. */
export async function useTotpStep(db: Db, userId: string, step: number, confirmedAt: Date): Promise<boolean> {
  const used = await db.update(totpSecrets).set({ lastStep: step, confirmedAt }).where(and(eq(totpSecrets.userId, userId), lt(totpSecrets.lastStep, step))).returning({ userId: totpSecrets.userId });
  return used.length > 0;
}

export async function insertPasskey(db: Db, passkey: PasskeyRow): Promise<boolean> {
  return (await db.insert(passkeys).values(passkey).onConflictDoNothing().returning({ id: passkeys.id })).length > 0;
}

export async function passkeyById(db: Db, id: string): Promise<PasskeyRow | undefined> {
  return (await db.select().from(passkeys).where(eq(passkeys.id, id)))[0];
}

/** Notes a use. The counter only grows; passkeys that live on several devices do not count and stay at zero. */
export async function usePasskey(db: Db, id: string, counter: number, at: Date): Promise<boolean> {
  const used = await db
    .update(passkeys)
    .set({ counter, lastUsedAt: at })
    .where(and(eq(passkeys.id, id), counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter)))
    .returning({ id: passkeys.id });
  return used.length > 0;
}

export async function deletePasskey(db: Db, userId: string, id: string): Promise<boolean> {
  return (await db.delete(passkeys).where(and(eq(passkeys.id, id), eq(passkeys.userId, userId))).returning({ id: passkeys.id })).length > 0;
}

/** Keeps a challenge, and clears away those that nobody answered in time. */
export async function insertChallenge(db: Db, challenge: typeof passkeyChallenges.$inferInsert, now: Date): Promise<void> {
  const old = db.select({ hash: passkeyChallenges.challengeHash }).from(passkeyChallenges).where(lt(passkeyChallenges.expiresAt, now)).limit(CLEARED_AT_ONCE).for("update", { skipLocked: true });
  await db.delete(passkeyChallenges).where(inArray(passkeyChallenges.challengeHash, old));
  await db.insert(passkeyChallenges).values(challenge);
}

/** Takes a challenge away; of several that try at once, one gets it. */
export async function takeChallenge(db: Db, challengeHash: string, userId: string | null, now: Date): Promise<boolean> {
  const whose = userId === null ? isNull(passkeyChallenges.userId) : eq(passkeyChallenges.userId, userId);
  const taken = await db.delete(passkeyChallenges).where(and(eq(passkeyChallenges.challengeHash, challengeHash), whose, gt(passkeyChallenges.expiresAt, now))).returning({ hash: passkeyChallenges.challengeHash });
  return taken.length > 0;
}

/** Puts new recovery codes in the place of all that a user has. */
export async function replaceRecoveryCodes(db: Db, userId: string, hashes: readonly string[]): Promise<void> {
  await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await db.insert(recoveryCodes).values(hashes.map((codeHash) => ({ codeHash, userId })));
}

/** Uses a code up; of several that try at once, one succeeds. */
export async function takeRecoveryCode(db: Db, userId: string, codeHash: string, at: Date): Promise<boolean> {
  const used = await db
    .update(recoveryCodes)
    .set({ usedAt: at })
    .where(and(eq(recoveryCodes.codeHash, codeHash), eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)))
    .returning({ userId: recoveryCodes.userId });
  return used.length > 0;
}

export async function deleteFactors(db: Db, userId: string): Promise<void> {
  await db.delete(totpSecrets).where(eq(totpSecrets.userId, userId));
  await db.delete(passkeys).where(eq(passkeys.userId, userId));
  await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
}

import { randomBytes } from "node:crypto";
import { generateSecret, generateURI, verify } from "otplib";
import type { SecretBox } from "../keys/secretBox.ts";
import type { DbCtx } from "../../store/index.ts";
import { sha256 } from "../oneWay.ts";
import { replaceRecoveryCodes, takeRecoveryCode, totpOf, useTotpStep } from "../store/factors.ts";

const STEP_SECONDS = 30;
const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;

/** A new secret for an authenticator app (RFC 6238; SHA-1, six digits, 30 seconds: what all apps understand), and the address its QR code shows. */
export function newTotpSecret(email: string): { secret: string; uri: string } {
  const secret = generateSecret();
  return { secret, uri: generateURI({ issuer: "Corduroy", label: email, secret }) };
}

/** What a user's secret is bound to where it is stored. */
export function totpBelongsTo(userId: string): string {
  return `totp:${userId}`;
}

/**
 * Uses a code of an authenticator app up. Clocks may be half a minute apart; a code that was used once, or is older than one that was, is refused.
 * @param pending whether it is the first code, which proves that the person has the secret
 */
export async function useTotpCode(ctx: DbCtx, userId: string, code: string, box: SecretBox, pending: boolean): Promise<boolean> {
  const stored = await totpOf(ctx.db, userId);
  if (!stored || (stored.confirmedAt === null) !== pending || !/^\d{6}$/.test(code)) return false;
  const epoch = Math.floor(ctx.now().getTime() / 1_000);
  const result = await verify({ secret: box.open(stored.sealed, totpBelongsTo(userId)), token: code, epoch, epochTolerance: STEP_SECONDS });
  if (!result.valid) return false;
  const step = Math.floor(epoch / STEP_SECONDS) + result.delta;
  return useTotpStep(ctx.db, userId, step, stored.confirmedAt ?? ctx.now());
}

/** New recovery codes in the place of all older ones: ten of 80 random bits, told this once, stored hashed. */
export async function newRecoveryCodes(ctx: DbCtx, userId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => randomBytes(RECOVERY_BYTES).toString("hex").replace(/(.{5})(?=.)/g, "$1-"));
  await replaceRecoveryCodes(ctx.db, userId, codes.map(recoveryHash));
  return codes;
}

/** Uses a recovery code up; capitals, blanks and dashes do not matter. */
export async function useRecoveryCode(ctx: DbCtx, userId: string, code: string): Promise<boolean> {
  return takeRecoveryCode(ctx.db, userId, recoveryHash(code), ctx.now());
}

function recoveryHash(code: string): string {
  return sha256(code.toLowerCase().replace(/[^0-9a-z]/g, ""));
}

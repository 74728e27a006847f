import { hash, verify, type Options } from "@node-rs/argon2";
import * as z from "zod";
import { Invalid } from "../kernel/index.ts";
import { COMMON_PASSWORDS } from "./commonPasswords.ts";

/** Argon2id (RFC 9106; the library's default kind) with the least that OWASP's Password Storage Cheat Sheet asks for: 19 MiB, two passes, one lane. */
export const ARGON: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const PASSWORD_MIN = 12;
/** Longer ones are no safer, and hashing must not become a way to keep the server busy. */
const PASSWORD_MAX = 256;

/** A password as somebody types it; bounded before any work is done with it. */
export const passwordShape = z.string().max(4 * PASSWORD_MAX);

/** The hash of a random password that nobody kept: what is compared where there is no account, so that both take the same work. */
export const NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$9D+kmPJ1lLosRy+7Z9PZ7A$xY9xwPqvciX4XNWg9ntGq2Pm4g1TOcJiyLgzAeZaAZs";

/**
 * The hash to store of a new password, PHC format.
 * @throws Invalid when it is too short, too long, or among the first that are tried
 */
export async function hashPassword(password: string): Promise<string> {
  const plain = password.normalize("NFKC");
  if (Array.from(plain).length < PASSWORD_MIN) throw new Invalid(`A password has at least ${PASSWORD_MIN} characters.`, { hint: "A few words that have nothing to do with each other are easy to remember and hard to guess." });
  if (plain.length > PASSWORD_MAX) throw new Invalid(`A password has at most ${PASSWORD_MAX} characters.`);
  if (isCommon(plain)) throw new Invalid("This password is among the first that are tried.", { hint: "A few words that have nothing to do with each other are easy to remember and hard to guess." });
  return hash(plain, ARGON);
}

/** Whether the password is the one of this hash; takes the same work when there is no hash. */
export async function passwordFits(stored: string | null | undefined, password: string): Promise<boolean> {
  const fits = await verify(stored ?? NOBODYS_HASH, password.normalize("NFKC"));
  return fits && typeof stored === "string";
}

/** A common password stays one with digits and signs around it, in capitals, or said twice. */
function isCommon(password: string): boolean {
  const bare = password.toLowerCase();
  const word = bare.replace(/^[^a-z]+|[^a-z]+$/g, "");
  const half = bare.slice(0, Math.ceil(bare.length / 2));
  const repeated = bare === half.slice(0, Math.floor(bare.length / 2)).repeat(2) || new Set(bare).size < 4;
  return repeated || COMMON_PASSWORDS.has(bare) || COMMON_PASSWORDS.has(word) || COMMON_PASSWORDS.has(half);
}

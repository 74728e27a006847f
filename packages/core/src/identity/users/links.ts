import { Forbidden } from "../../kernel/index.ts";

/** The secret part of a link that works once. It is told this once; the database has only its hash. */
export interface OneTimeLink {
  secret: string;
  expiresAt: Date;
}

/** How long such a link works. */
export const LINK_MS = 24 * 3_600_000;

/** One error for used, replaced, expired and invented links: which it was is nobody's business. */
export function linkIsOver(): Forbidden {
  return new Forbidden("This link does not work, or no longer.", { hint: "It works once, for 24 hours, and until a newer one is made. Ask for another." });
}

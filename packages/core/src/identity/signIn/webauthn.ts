import * as z from "zod";

/** The site that passkeys are for (Web Authentication Level 3). */
export interface Site {
  /** The registrable name: `corduroy.example.com`. */
  domain: string;
  /** As browsers say it: `https://corduroy.example.com`. */
  origin: string;
}

/** How long a challenge can be answered. */
export const CHALLENGE_MS = 5 * 60_000;

/** COSE: EdDSA, ES256, RS256. */
export const ALGORITHMS = [-8, -7, -257];

/** Base64url as browsers send it. */
const encoded = (length: number) => z.string().min(1).max(length).regex(/^[A-Za-z0-9_-]+$/);

/** A credential's id: 1,023 bytes at most, by the standard. */
export const credentialText = encoded(1_400);

/** `RegistrationResponseJSON`, bounded; what else browsers add is dropped. */
export const registrationShape = z.object({
  id: credentialText,
  rawId: credentialText,
  type: z.literal("public-key"),
  response: z.object({ clientDataJSON: encoded(8_192), attestationObject: encoded(65_536), transports: z.array(z.string().max(32)).max(10).optional() }),
  clientExtensionResults: z.object({}),
});

/** `AuthenticationResponseJSON`, likewise. */
export const authenticationShape = z.object({
  id: credentialText,
  rawId: credentialText,
  type: z.literal("public-key"),
  response: z.object({ clientDataJSON: encoded(8_192), authenticatorData: encoded(8_192), signature: encoded(2_048) }),
  clientExtensionResults: z.object({}),
});

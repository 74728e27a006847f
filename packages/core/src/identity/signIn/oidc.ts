import { authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, fetchUserInfo, randomNonce, randomPKCECodeVerifier, randomState } from "openid-client";
import * as z from "zod";
import { Conflict, Forbidden, type Role } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { emailShape, parsed, textShape } from "../parse.ts";
import type { SecretBox } from "../keys/secretBox.ts";
import { VISITOR } from "../sessions/actors.ts";
import type { SignedIn } from "../sessions/openSession.ts";
import { admitOidc } from "./admitOidc.ts";
import type { OidcProvider } from "./oidcProvider.ts";

const STATE_MS = 10 * 60_000;

const stateShape = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string(), until: z.number() });
const finishShape = z.strictObject({ callback: z.url().max(8_000), state: z.string().min(1).max(4_000), previous: textShape.optional() });
const claimsShape = z.object({ sub: z.string().min(1).max(255), email: emailShape, email_verified: z.literal(true), name: z.string().trim().max(120).optional() });

/** Where to send the browser, and what it has to bring back: put `state` into a cookie with HttpOnly, Secure and SameSite=Lax for ten minutes. It is sealed. */
export interface OidcBegun {
  url: string;
  state: string;
}

/** Begins a sign-in at a provider: authorization code with PKCE (RFC 7636), state and nonce. @throws Unavailable */
export async function beginOidc(ctx: DbCtx, provider: OidcProvider, box: SecretBox): Promise<OidcBegun> {
  const configuration = await provider.configuration();
  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: provider.redirectUri,
    scope: ["openid", "email", "profile", ...provider.scopes].join(" "),
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  return { url: url.href, state: box.seal(JSON.stringify({ state, nonce, verifier, until: ctx.now().getTime() + STATE_MS }), belongsTo(provider)) };
}

/**
 * Signs in whom the provider has sent back. The account is found by issuer and subject, never by its address; the second factor is the provider's business.
 * Call it outside of a transaction: failures are audited.
 * @param input `callback`: the address the browser came back to, in full; `state`: the cookie of `beginOidc`
 * @throws Forbidden when the answer does not fit, is late, the address is not verified, or no group has a role; Conflict when the address belongs to another
 * account; Unavailable, Invalid
 */
export async function finishOidc(ctx: DbCtx, provider: OidcProvider, input: z.input<typeof finishShape>, box: SecretBox): Promise<SignedIn> {
  const { callback, state, previous } = parsed(finishShape, input);
  const configuration = await provider.configuration();
  try {
    const begun = stateShape.parse(JSON.parse(box.open(state, belongsTo(provider))));
    if (begun.until < ctx.now().getTime()) throw new Error("The answer came too late.");
    // The path as it is registered: what a proxy in front has made of it must not matter.
    const url = new URL(provider.redirectUri);
    url.search = new URL(callback).search;
    const tokens = await authorizationCodeGrant(configuration, url, { pkceCodeVerifier: begun.verifier, expectedState: begun.state, expectedNonce: begun.nonce, idTokenExpected: true });
    const claims = tokens.claims();
    if (!claims) throw new Error("There is no ID token.");
    // Providers may put address and groups into either of the two.
    const said = { ...(configuration.serverMetadata().userinfo_endpoint === undefined ? {} : await fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
    const { sub, email, name } = claimsShape.parse(said);
    return await admitOidc(ctx, { issuer: claims.iss, subject: sub, email, name: name || email, roles: rolesFor(provider, said) }, previous);
  } catch (cause) {
    await audit({ ...ctx, actor: VISITOR }, { action: "session.begin", resource: { type: "IdentityProvider", id: provider.id }, outcome: "failed", detail: { wrong: "single sign-on", why: whyOf(cause) } });
    if (cause instanceof Forbidden || cause instanceof Conflict) throw cause;
    throw new Forbidden(`The sign-in with ${provider.name} did not succeed.`, { hint: "Begin again. The provider must tell a verified e-mail address.", cause });
  }
}

/** The roles of a person's groups; a claim that is no list of texts gives none. */
function rolesFor({ groups, groupsClaim }: OidcProvider, said: Record<string, unknown>): Role[] {
  const list = z.array(z.string()).max(10_000).safeParse(said[groupsClaim]);
  const roles = (list.data ?? []).flatMap((group) => (Object.hasOwn(groups, group) ? (groups[group] ?? []) : []));
  return [...new Set(roles)];
}

function belongsTo({ id }: OidcProvider): string {
  return `oidc:${id}`;
}

/** For the audit: the kind of failure. Messages may quote what the provider said, and stay with the error. */
function whyOf(cause: unknown): string {
  if (cause instanceof z.ZodError) return `claims: ${cause.issues.map(({ path }) => path.join(".")).join(", ")}`.slice(0, 200);
  if (!(cause instanceof Error)) return "unknown";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}

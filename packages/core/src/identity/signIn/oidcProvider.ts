import { allowInsecureRequests, discovery, type Configuration } from "openid-client";
import * as z from "zod";
import { ROLES, Unavailable } from "../../kernel/index.ts";
import { parsed } from "../parse.ts";

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;
const TIMEOUT_SECONDS = 10;

const webAddress = z.url({ protocol: /^https?$/ }).max(2_000).refine((url) => url.startsWith("https://") || LOOPBACK.test(new URL(url).hostname), "it must begin with https://");
/** Nobody becomes administrator by what another system says about them. */
const mappedRole = z.enum(ROLES).exclude(["admin"], 'no group may stand for "admin"; administrators are made by administrators');

const shape = z.strictObject({
  /** Short name in addresses: `entra`. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, "lower case letters, digits and dashes"),
  /** What the button says. */
  name: z.string().min(1).max(80),
  issuer: webAddress,
  clientId: z.string().min(1).max(500),
  clientSecret: z.string().min(1).max(2_000),
  /** Where the provider sends the browser back to; registered there. */
  redirectUri: webAddress,
  /** Scopes beside `openid email profile`. */
  scopes: z.array(z.string().min(1).max(100)).max(20).default([]),
  /** The claim that lists a person's groups. */
  groupsClaim: z.string().min(1).max(100).default("groups"),
  /** Group of the provider → roles here. Who is in none of them is not let in. */
  groups: z.record(z.string().min(1).max(500), z.array(mappedRole).min(1)),
});

/** An OpenID provider, as it is configured. */
export type OidcSettings = z.input<typeof shape>;

/** A configured provider that can be asked. */
export interface OidcProvider extends z.output<typeof shape> {
  /** What the provider tells about itself; asked for when first needed, and again after a failure. @throws Unavailable */
  configuration(): Promise<Configuration>;
}

/**
 * Checks a provider's configuration (OpenID Connect Core 1.0, Discovery 1.0). Asks nobody yet: a provider that is away must not keep the product from starting.
 * @throws Invalid for wrong settings, a mapping to "admin", or an address without TLS that is not this machine's own
 */
export function oidcProvider(settings: OidcSettings): OidcProvider {
  const checked = parsed(shape, settings);
  let known: Promise<Configuration> | undefined;
  return {
    ...checked,
    configuration: () => {
      known ??= discover(checked).catch((cause: unknown) => {
        known = undefined;
        throw new Unavailable(`The identity provider "${checked.name}" cannot be reached.`, { hint: "Try again later; an administrator should check its address and the network.", cause });
      });
      return known;
    },
  };
}

function discover({ issuer, clientId, clientSecret }: z.output<typeof shape>): Promise<Configuration> {
  const url = new URL(issuer);
  return discovery(url, clientId, clientSecret, undefined, { timeout: TIMEOUT_SECONDS, ...(url.protocol === "http:" ? { execute: [allowInsecureRequests] } : {}) });
}

import * as z from "zod";
import { Unavailable } from "../../../kernel/index.ts";
import { jsonOf, PlaceLost, unlessLost, type Refusal } from "./ask.ts";
import { asBearer } from "./bearer.ts";
import { assertionOf, googleKey, googleKeyOf, type GoogleKey } from "./googleKey.ts";
import { NotYet, type PollerWay, type Vendor } from "./poller.ts";
import { refusedUntil } from "./rateLimit.ts";
import { windowed } from "./windowed.ts";

/** The activities of one application of a Workspace, and a service account that may read them on behalf of an administrator. */
export const googleReach = z.strictObject({
  kind: z.literal("google-workspace"),
  /** `https://admin.googleapis.com` */
  address: z.url({ protocol: /^https?$/ }).max(300).refine((text) => new URL(text).pathname === "/" && new URL(text).search === "", "It has a path."),
  /** Whose rights it uses. */
  admin: z.email().max(300),
  /** `login`, `admin`, `drive`, `token`; Google adds to them. */
  application: z.string().regex(/^[a-z][a-z_]{0,59}$/),
  key: googleKey,
});
type GoogleReach = z.infer<typeof googleReach>;

const SCOPE = "https://www.googleapis.com/auth/admin.reports.audit.readonly";
/** Google's limit. */
const ACTIVITIES = "1000";
const EVERY_MS = 120_000;
/** Google speaks of minutes for most applications and of a few hours for the slowest, and promises nothing. */
const LATE_MS = 12 * 3_600_000;
/** Words for having asked too often, which come with 403, 429 and 503, and mostly without a time to wait. */
const TOO_OFTEN = new Set(["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "RESOURCE_EXHAUSTED"]);
const NOT_ENABLED = new Set(["accessNotConfigured", "SERVICE_DISABLED"]);

const page = z.object({ kind: z.literal("admin#reports#activities"), items: z.array(z.unknown()).default([]), nextPageToken: z.string().max(4_000).optional() });

/** The activities of an application (`GET /admin/reports/v1/activity/users/all/applications/{application}`), in spans of time, as a service account on behalf of an administrator. */
export function googleWorkspace(reach: GoogleReach): Vendor {
  const { address, admin, application } = reach;
  const key = googleKeyOf(reach.key);
  const url = `${new URL(address).origin}/admin/reports/v1/activity/users/all/applications/${application}`;
  return { source: "google.workspace", target: `${url} of ${admin.replace(/^.*@/, "").toLowerCase()}`, needs: needs(key, admin), poller: (way) => poller(url, key, reach, way) };
}

function poller(url: string, key: GoogleKey, { admin, application }: GoogleReach, { outbound }: PollerWay): ReturnType<Vendor["poller"]> {
  const slower = (refused: (refusal: Refusal) => Error | null) => (refusal: Refusal): Error | null => (TOO_OFTEN.has(refusal.code) ? new NotYet(refusedUntil(new Map(), outbound.now())) : refused(refusal));
  const askAs = asBearer({
    outbound, name: "Google", url: key.token_uri, refused: slower((refusal) => tokenRefused(refusal, key, admin)),
    form: () => ({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: assertionOf(key, admin, SCOPE, outbound.now()) }),
  });
  return windowed({
    everyMs: EVERY_MS, lateMs: LATE_MS, now: () => outbound.now(),
    ask: async ({ from, to, page: pageToken }) => {
      const query = new URLSearchParams({ startTime: from.toISOString(), endTime: to.toISOString(), maxResults: ACTIVITIES, ...(pageToken !== null && { pageToken }) }).toString();
      const refused = slower((refusal) => (pageToken !== null && [400, 410].includes(refusal.status) ? new PlaceLost() : inWords(refusal, key, admin, application)));
      const answer = await unlessLost(askAs({ method: "GET", url: `${url}?${query}` }, refused));
      if (answer === null) return null;
      const { data } = page.safeParse(jsonOf(answer.body));
      if (data === undefined) throw new Unavailable(`What answers at ${new URL(url).origin} is no list of activities.`, { hint: "The address is that of the Admin SDK: https://admin.googleapis.com." });
      return { body: answer.body, events: data.items.length, page: data.nextPageToken ?? null, notBefore: null };
    },
  });
}

function needs({ client_email, client_id }: GoogleKey, admin: string): string {
  return [
    `The service account ${client_email}, in a project of Google Cloud in which the Admin SDK API is enabled; it needs no role there.`,
    `In the Admin console, under Security, Access and data control, API controls, Domain-wide delegation: its client id ${client_id} with this scope and no other:`,
    SCOPE,
    `And ${admin} as an administrator of the Workspace, with the privilege Reports and no other.`,
  ].join("\n");
}

function tokenRefused({ status, code }: Refusal, { client_email, client_id }: GoogleKey, admin: string): Unavailable | null {
  if (![400, 401, 403].includes(status)) return null;
  const said = code === "" ? "" : ` (${code})`;
  if (code === "unauthorized_client") return new Unavailable(`The service account ${client_email} may not act for ${admin}${said}: domain-wide delegation is not authorised for it, or for another scope.`, { hint: `In the Admin console, under Security, Access and data control, API controls, Domain-wide delegation, add the client id ${client_id} with the scope ${SCOPE}. It may take a while until Google knows of it.` });
  return new Unavailable(`Google gives the service account ${client_email} no token for ${admin}${said}: its key was deleted or disabled, there is no such user in the Workspace, or this machine's clock is wrong.`, { hint: "Check the address of the administrator and the clock; else make another key and add the collector again." });
}

function inWords({ status, code }: Refusal, { client_email }: GoogleKey, admin: string, application: string): Unavailable | null {
  const said = code === "" ? "" : ` (${code})`;
  if (NOT_ENABLED.has(code)) return new Unavailable(`The Admin SDK API is not enabled in the project of ${client_email}${said}.`, { hint: "Enable it in Google Cloud, under APIs & Services, Library: Admin SDK API." });
  if (status === 401 || status === 403) return new Unavailable(`${admin} may not read the activities of ${application}${said}.`, { hint: "In the Admin console, under Account, Admin roles, give this user a role with the privilege Reports." });
  if (status === 400 || status === 404) return new Unavailable(`Google has no activities of ${application}${said}.`, { hint: "Applications are called login, admin, drive, token, user_accounts, mobile, saml, groups and so on." });
  return null;
}

import * as z from "zod";
import { Unavailable } from "../../../kernel/index.ts";
import { jsonOf, PlaceLost, unlessLost, type Refusal } from "./ask.ts";
import { asBearer } from "./bearer.ts";
import type { PollerWay, Vendor } from "./poller.ts";
import { sparedUntil } from "./rateLimit.ts";
import { windowed } from "./windowed.ts";

const origin = z.url({ protocol: /^https?$/ }).max(300).refine((text) => new URL(text).pathname === "/" && new URL(text).search === "", "It has a path.");

/** A log of a tenant, and an application of that tenant that may read it. */
export const graphReach = z.strictObject({
  kind: z.literal("microsoft-graph"),
  /** `https://graph.microsoft.com`; national clouds have their own. */
  address: origin,
  /** `https://login.microsoftonline.com` */
  login: origin,
  /** The tenant's id or domain. */
  tenant: z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9])?$/),
  /** The application's id. */
  client: z.guid(),
  log: z.enum(["signIns", "directoryAudits", "riskDetections", "alerts"]),
  secret: z.string().regex(/^[\x21-\x7e]{10,500}$/),
});
type GraphReach = z.infer<typeof graphReach>;

interface Log {
  source: string;
  path: string;
  /** By which it is asked for spans. */
  time: string;
  permission: string;
  /** Records in an answer. */
  top: string;
  /** Records are told again with a later time. */
  atOnce: boolean;
  /** What of it needs a licence of its own. */
  licensed: string | null;
}
const OF_ENTRA = { permission: "AuditLog.Read.All", top: "1000", atOnce: false };
const LOGS: Record<GraphReach["log"], Log> = {
  signIns: { source: "entra.signin", path: "/v1.0/auditLogs/signIns", time: "createdDateTime", ...OF_ENTRA, licensed: "Sign-ins" },
  directoryAudits: { source: "entra.audit", path: "/v1.0/auditLogs/directoryAudits", time: "activityDateTime", ...OF_ENTRA, licensed: null },
  // By when they were made: that their state has changed is told again only as far back as everything is.
  riskDetections: { source: "entra.risk", path: "/v1.0/identityProtection/riskDetections", time: "detectedDateTime", permission: "IdentityRiskEvent.Read.All", top: "500", atOnce: false, licensed: "Risk detections" },
  // With their evidence, alerts are large.
  alerts: { source: "microsoft.defender", path: "/v1.0/security/alerts_v2", time: "lastUpdateDateTime", permission: "SecurityAlert.Read.All", top: "100", atOnce: true, licensed: null },
};

const EVERY_MS = 120_000;
/** Microsoft has nearly all of it within minutes, and promises nothing. */
const LATE_MS = 4 * 3_600_000;

function needs(log: GraphReach["log"]): string {
  const { permission, licensed } = LOGS[log];
  return `An application registered in the tenant, with the application permission ${permission} of Microsoft Graph and an administrator's consent to it, and a client secret.${licensed === null ? "" : ` ${licensed} need a licence of Entra ID P1 or P2.`}`;
}

const page = z.object({ "value": z.array(z.unknown()), "@odata.nextLink": z.string().max(4_000).optional() });

/** Sign-ins or directory audits (`GET /v1.0/auditLogs/…`), risk detections (`GET /v1.0/identityProtection/riskDetections`) or alerts (`GET /v1.0/security/alerts_v2`), in spans of time, as an application (client credentials). */
export function microsoftGraph(reach: GraphReach): Vendor {
  const { address, tenant, log } = reach;
  const { source, path } = LOGS[log];
  return { source, target: `${new URL(address).origin}${path} of ${tenant}`, needs: needs(log), poller: (way) => poller(reach, way) };
}

function poller({ address, login, tenant, client, log, secret }: GraphReach, { outbound }: PollerWay): ReturnType<Vendor["poller"]> {
  const base = new URL(address).origin;
  const { path, time, top, atOnce } = LOGS[log];
  const askAs = asBearer({
    outbound, name: "Microsoft", url: `${new URL(login).origin}/${tenant}/oauth2/v2.0/token`, refused: (refusal) => tokenRefused(refusal, log),
    form: () => ({ grant_type: "client_credentials", client_id: client, client_secret: secret, scope: `${base}/.default` }),
  });
  return windowed({
    everyMs: EVERY_MS, lateMs: LATE_MS, atOnce, now: () => outbound.now(),
    ask: async (span) => {
      const query = span.page ?? `?${new URLSearchParams({ $filter: `${time} ge ${span.from.toISOString()} and ${time} le ${span.to.toISOString()}`, $top: top }).toString()}`;
      const answer = await unlessLost(askAs({ method: "GET", url: `${base}${path}${query}` }, (refusal) => (span.page !== null && [400, 410].includes(refusal.status) ? new PlaceLost() : inWords(refusal, log))));
      if (answer === null) return null;
      const { data } = page.safeParse(jsonOf(answer.body));
      if (data === undefined) throw new Unavailable(`What answers at ${base} is no list of ${log}.`, { hint: "The address is that of Microsoft Graph: https://graph.microsoft.com." });
      return { body: answer.body, events: data.value.length, page: queryOf(data["@odata.nextLink"], base, path), notBefore: sparedUntil(answer.headers, outbound.now()) };
    },
  });
}

/** Where the next page is; an address elsewhere gets no token of ours. */
function queryOf(link: string | undefined, base: string, path: string): string | null {
  if (link === undefined) return null;
  const url = URL.canParse(link) ? new URL(link) : null;
  if (url?.origin !== base || url.pathname.toLowerCase() !== path.toLowerCase()) throw new Unavailable("Microsoft named a next page that is somewhere else.", { hint: "It was not asked for; the same page is asked for again." });
  return url.search;
}

function tokenRefused({ status, code }: Refusal, log: GraphReach["log"]): Unavailable | null {
  if (status !== 400 && status !== 401) return null;
  return new Unavailable(`Microsoft gives the application no token${code === "" ? "" : ` (${code})`}: its secret is wrong or has expired, or the tenant does not know the application.`, { hint: `Check tenant and client, make another secret, and add the collector again. ${needs(log)}` });
}

function inWords({ status, code }: Refusal, log: GraphReach["log"]): Unavailable | null {
  const said = code === "" ? "" : ` (${code})`;
  if (status === 403 && code === "Authentication_RequestFromNonPremiumTenantOrB2CTenant") return new Unavailable(`The tenant has no licence to read ${log} (${code}).`, { hint: needs(log) });
  if (status === 401 || status === 403) return new Unavailable(`The application may not read ${log}${said}.`, { hint: `It lacks ${LOGS[log].permission}, or nobody has consented to it. ${needs(log)}` });
  return null;
}

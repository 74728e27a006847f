import * as z from "zod";
import { Unavailable } from "../../../kernel/index.ts";
import { ask, jsonOf, PlaceLost, unlessLost, type Refusal } from "./ask.ts";
import { linkedNext } from "./linkedNext.ts";
import type { PollerWay, Vendor } from "./poller.ts";
import { sparedUntil } from "./rateLimit.ts";
import { windowed, type Span, type SpanPage } from "./windowed.ts";

/** An organisation of GitHub Enterprise, and a token of one of its owners. */
export const githubReach = z.strictObject({
  kind: z.literal("github"),
  /** Of the API: `https://api.github.com`, or `https://github.corp.example/api/v3`. */
  address: z.url({ protocol: /^https?$/ }).max(300).refine((text) => /^\/[\w/-]*$/.test(new URL(text).pathname) && new URL(text).search === "", "It is not the address of an API."),
  organisation: z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,99})$/),
  token: z.string().regex(/^[\x21-\x7e]{10,500}$/),
});

/** GitHub's limit. */
const EVENTS = 100;
const EVERY_MS = 60_000;
/** Git events come minutes late, others hardly; an hour is ample. */
const LATE_MS = 3_600_000;

const NEEDS = "A personal access token (classic) of an owner of the organisation, with the scope read:audit_log and nothing else; or a fine-grained one, or a GitHub App, with the organisation's permission Administration: read.";

/** The audit log (`GET /orgs/{org}/audit-log`), with Git events, in spans of `created:`. */
export function github({ address, organisation, token }: z.infer<typeof githubReach>): Vendor {
  const { origin, pathname } = new URL(address);
  const path = `${pathname.replace(/\/$/, "")}/orgs/${organisation}/audit-log`;
  return { source: "github.audit", target: `${origin}${path}`, needs: NEEDS, poller: (way) => windowed({ everyMs: EVERY_MS, lateMs: LATE_MS, now: () => way.outbound.now(), ask: (span) => onePage(origin, path, token, span, way) }) };
}

async function onePage(origin: string, path: string, token: string, { from, to, page }: Span, { outbound }: PollerWay): Promise<SpanPage | null> {
  const query = page ?? `?${new URLSearchParams({ phrase: `created:${moment(from)}..${moment(to)}`, include: "all", order: "asc", per_page: String(EVENTS) }).toString()}`;
  const headers = { authorization: `Bearer ${token}`, accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
  const refused = (refusal: Refusal): Error | null => (page !== null && [400, 410, 422].includes(refusal.status) ? new PlaceLost() : inWords(refusal, path));
  const answer = await unlessLost(ask(outbound, "GitHub", { method: "GET", url: `${origin}${path}${query}`, headers }, refused));
  if (answer === null) return null;
  const events = z.array(z.unknown()).safeParse(jsonOf(answer.body)).data;
  if (events === undefined) throw new Unavailable(`What answers at ${origin} is no audit log.`, { hint: "The address is that of the API: https://api.github.com." });
  return { body: answer.body, events: events.length, page: linkedNext(answer.headers.get("link"), origin, path), notBefore: sparedUntil(answer.headers, outbound.now()) };
}

/** GitHub takes whole seconds. */
function moment(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, "+00:00");
}

function inWords({ status }: Refusal, path: string): Unavailable | null {
  if (status === 401) return new Unavailable("GitHub does not accept the token: it is wrong, has expired, or was revoked.", { hint: `Make another, and add the collector again. ${NEEDS}` });
  if (status === 403) return new Unavailable(`The token may not read ${path}.`, { hint: `It lacks the scope read:audit_log, is not authorised for the organisation's single sign-on, or its owner does not own the organisation. ${NEEDS}` });
  if (status === 404) return new Unavailable(`GitHub shows this token no audit log at ${path}.`, { hint: `Either the organisation is called otherwise, or it is not on GitHub Enterprise, or the token lacks the scope read:audit_log. ${NEEDS}` });
  return null;
}

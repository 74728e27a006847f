import type { GuardDutyClient } from "@aws-sdk/client-guardduty";
import * as z from "zod";
import { Unavailable } from "../../../kernel/index.ts";
import type { Outbound, OutboundAnswer } from "../../../net/index.ts";
import { awsFailure } from "../awsFailure.ts";
import { assumedRole, roleName } from "../awsIdentity.ts";
import { PlaceLost, unlessLost } from "./ask.ts";
import { NotYet, type Vendor } from "./poller.ts";
import { refusedUntil } from "./rateLimit.ts";
import { windowed, type Span, type SpanPage } from "./windowed.ts";

/** A detector of GuardDuty; it is asked with the credentials of the environment, or as a role. */
export const guarddutyReach = z.strictObject({
  kind: z.literal("guardduty"),
  region: z.string().regex(/^[a-z]{2,3}(?:-[a-z]{2,10}){1,2}-\d{1,2}$/),
  detector: z.string().regex(/^[A-Za-z0-9]{1,300}$/),
  role: roleName.nullable(),
});
type GuarddutyReach = z.infer<typeof guarddutyReach>;

/** GuardDuty's limit, of a list and of what is got by id. */
const FINDINGS = 50;
const EVERY_MS = 120_000;
/** GuardDuty does not say how late a finding can be seen; hours are ample. */
const LATE_MS = 4 * 3_600_000;

/**
 * The findings of a detector (`ListFindings` by `updatedAt`, `GetFindings`), archived ones too, in spans of time. A finding that goes on is listed again with a later `updatedAt`, and is an
 * event of its own.
 */
export function guardduty(reach: GuarddutyReach): Vendor {
  const target = `detector ${reach.detector} in ${reach.region}`;
  return {
    source: "aws.guardduty", target, needs: needs(reach),
    poller: ({ outbound }) => {
      const asked = askedAs(reach, outbound);
      return windowed({ everyMs: EVERY_MS, lateMs: LATE_MS, atOnce: true, now: () => outbound.now(), ask: (span) => unlessLost(onePage(span, reach.detector, asked)) });
    },
  };
}

async function onePage({ from, to, page }: Span, DetectorId: string, asked: Asked): Promise<SpanPage> {
  const { GetFindingsCommand, ListFindingsCommand } = await import("@aws-sdk/client-guardduty");
  const SortCriteria = { AttributeName: "updatedAt", OrderBy: "ASC" } as const;
  const FindingCriteria = { Criterion: { updatedAt: { GreaterThanOrEqual: from.getTime(), LessThanOrEqual: to.getTime() } } };
  const { said } = await asked((client) => client.send(new ListFindingsCommand({ DetectorId, FindingCriteria, SortCriteria, MaxResults: FINDINGS, ...(page !== null && { NextToken: page }) })), page !== null);
  const { FindingIds: ids = [], NextToken: next = "" } = said;
  if (ids.length === 0) return { body: "", events: 0, page: next || null, notBefore: null };
  const { answer } = await asked((client) => client.send(new GetFindingsCommand({ DetectorId, FindingIds: ids.slice(0, FINDINGS), SortCriteria })), false);
  return { body: answer.body, events: ids.length, page: next || null, notBefore: null };
}

/** Sends a command. @returns what the SDK reads, and the answer as it came: the SDK leaves out what it does not know */
type Asked = <T>(send: (client: GuardDutyClient) => Promise<T>, inPlace: boolean) => Promise<{ said: T; answer: OutboundAnswer }>;

/** The SDK signs and reads; what it sends goes our way out. Commands are sent one after another. */
function askedAs({ region, role, detector }: GuarddutyReach, outbound: Outbound): Asked {
  const keys = role === null ? null : assumedRole(role);
  let answer: OutboundAnswer | null = null;
  const handle = async ({ method, protocol, hostname, port, path, headers, body }: SdkRequest): Promise<{ response: object }> => {
    answer = null;
    const heard = await outbound.request({ method, url: `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`, headers, body });
    if (!heard.complete) throw new Unavailable("GuardDuty answered with more than 16 MiB at once.", { hint: "Nothing of it was taken in; it is asked again." });
    answer = heard;
    return { response: { statusCode: heard.status, headers: Object.fromEntries(heard.headers), body: Buffer.from(heard.body, "utf8") } };
  };
  let client: Promise<GuardDutyClient> | null = null;
  const connect = async (): Promise<GuardDutyClient> => {
    process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
    const { GuardDutyClient: Client } = await import("@aws-sdk/client-guardduty");
    return new Client({ region, maxAttempts: 1, requestHandler: { handle }, ...(keys !== null && { credentials: keys }) });
  };
  return async (send, inPlace) => {
    try {
      const said = await send(await (client ??= connect()));
      return { said, answer: answer! };
    } catch (error) {
      const { name = "", $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
      const headers = answer?.headers ?? new Map<string, string>();
      if ($metadata?.httpStatusCode === 429 || /Throttl|TooManyRequests/.test(name)) throw new NotYet(refusedUntil(headers, outbound.now()));
      if (inPlace && name === "BadRequestException") throw new PlaceLost();
      throw awsFailure(error, { what: `detector ${detector} in ${region}`, unknown: /BadRequest|NotFound/, needs: "guardduty:ListFindings and guardduty:GetFindings" });
    }
  };
}

interface SdkRequest {
  method: "GET" | "POST";
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Findings are no resources of their own to IAM: of what may be asked, only the region can be said. */
function needs({ region, role }: GuarddutyReach): string {
  const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["guardduty:ListFindings", "guardduty:GetFindings"], Resource: "*", Condition: { StringEquals: { "aws:RequestedRegion": region } } }] };
  const whose = role === null ? "The identity of the service's machine" : `The role ${role}, which that identity needs sts:AssumeRole on,`;
  return `${whose} needs this policy:\n${JSON.stringify(policy, null, 2)}`;
}

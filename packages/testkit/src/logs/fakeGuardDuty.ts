import { isObject, jsonObject, webServer, type WebAnswer, type WebRequest, type WebServer } from "../web/webServer.ts";

/** A finding as the API gives it. */
export type GuardDutyFinding = Record<string, unknown> & { id: string; updatedAt: string };

export interface FakeGuardDuty extends WebServer {
  readonly detector: string;
  /** Current findings: one that goes on has its `updatedAt` changed. */
  findings: GuardDutyFinding[];
  /** What the caller may do. */
  allowed: Set<"ListFindings" | "GetFindings">;
  /** Only requests with this session token are answered, where it is not null. */
  session: string | null;
  /** Refuses the next request, for too many were made. */
  throttle(): void;
  /** Takes all tokens of lists for unknown. */
  forgetLists(): void;
}

const SIGNED = /^AWS4-HMAC-SHA256 Credential=[^/,\s]+\/[0-9]{8}\/[a-z0-9-]+\/guardduty\/aws4_request, ?SignedHeaders=[^,\s]+, ?Signature=[0-9a-f]{64}$/;

/**
 * Starts GuardDuty on a free port of the loopback interface: ListFindings by `updatedAt`, ascending, and GetFindings of its REST API (2017-11-28). A list is made anew for each page, so that a
 * finding that goes on in between moves those behind it up.
 */
export async function fakeGuardDuty({ pageSize = 50 }: { pageSize?: number } = {}): Promise<FakeGuardDuty> {
  let [throttled, lists] = [false, 1];

  const list = (input: Record<string, unknown>): WebAnswer => {
    const { findingCriteria, sortCriteria, maxResults, nextToken = `${lists} 0` } = input;
    const { updatedAt } = isObject(findingCriteria) && isObject(findingCriteria["criterion"]) ? findingCriteria["criterion"] : {};
    if (!isObject(updatedAt) || !isObject(sortCriteria) || sortCriteria["attributeName"] !== "updatedAt" || sortCriteria["orderBy"] !== "ASC" || !(Number(maxResults) >= 1 && Number(maxResults) <= 50)) return refuse(400, "BadRequestException");
    const [of, start] = String(nextToken).split(" ").map(Number) as [number, number];
    if (of !== lists) return refuse(400, "BadRequestException");
    const [from, to] = [Number(updatedAt["greaterThanOrEqual"]), Number(updatedAt["lessThanOrEqual"])];
    const found = server.findings.filter((each) => Date.parse(each.updatedAt) >= from && Date.parse(each.updatedAt) <= to).sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
    const end = start + Math.min(Number(maxResults), pageSize);
    return json(200, { findingIds: found.slice(start, end).map(({ id }) => id), nextToken: end < found.length ? `${lists} ${end}` : "" });
  };

  const answer = ({ method, path, headers, body }: WebRequest): WebAnswer => {
    if (!SIGNED.test(headers.authorization ?? "")) return refuse(403, "MissingAuthenticationTokenException");
    if (server.session !== null && headers["x-amz-security-token"] !== server.session) return refuse(403, "UnrecognizedClientException");
    if (throttled) {
      throttled = false;
      return refuse(429, "TooManyRequestsException");
    }
    const [, detector, get] = /^\/detector\/([^/]+)\/findings(\/get)?$/.exec(path) ?? [];
    const input = jsonObject(body);
    if (method !== "POST" || input === undefined) return refuse(404, "ResourceNotFoundException");
    if (!server.allowed.has(get === undefined ? "ListFindings" : "GetFindings")) return refuse(403, "AccessDeniedException");
    if (detector !== server.detector) return refuse(400, "BadRequestException");
    if (get === undefined) return list(input);
    const ids = Array.isArray(input["findingIds"]) ? input["findingIds"] : [];
    return ids.length >= 1 && ids.length <= 50 ? json(200, { findings: server.findings.filter(({ id }) => ids.includes(id)) }) : refuse(400, "BadRequestException");
  };

  const server: FakeGuardDuty = {
    ...(await webServer(answer)),
    detector: "12abc34d567e8fa901bc2d34e56789f0",
    findings: [],
    allowed: new Set(["ListFindings", "GetFindings"]),
    session: null,
    throttle: () => {
      throttled = true;
    },
    forgetLists: () => {
      lists++;
    },
  };
  return server;
}

function json(status: number, value: unknown, headers: Record<string, string> = {}): WebAnswer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}

function refuse(status: number, type: string): WebAnswer {
  return json(status, { __type: type, message: `The fake says ${type}` }, { "x-amzn-errortype": type });
}

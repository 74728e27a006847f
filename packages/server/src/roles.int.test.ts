import { beforeAll, describe, expect, it } from "vitest";
import { api, pathOf, Problem, routesOf, type Role, type Route } from "@corduroy/contract";
import { ASKERS, ROLE_TABLE, type Asker, type Line } from "./test/roleTable.ts";
import { invited, PASSWORD, testService, type Browser } from "./test/running.ts";

const test = testService();
/** What each asker sends along. */
const asked = new Map<Asker, Record<string, string>>();
const routes = [...routesOf(api)];
/** A session that has signed out asks nothing more. */
const ENDS = "session.signOut";
const inOrder = [...routes.filter(({ name }) => name !== ENDS), ...routes.filter(({ name }) => name === ENDS)];
const TOO_MANY = 429;
let count = 0;
const fresh = (): string => `fresh-${++count}`;

beforeAll(async () => {
  asked.set("nobody", {});
  asked.set("enrol", headersOf(await withoutSecondFactor()));
  asked.set("admin", headersOf(test.admin));
  for (const role of ["viewer", "developer", "responder", "auditor"] satisfies Role[]) asked.set(role, headersOf(await invited(test, `${role}@example.com`, role)));
  for (const [asker, ...scopes] of [["events", "events:aws.cloudtrail", "events:otlp.logs"], ["read", "read"], ["write", "write"], ["sources", "sources"], ["audit", "audit"]] as const) {
    const { token } = await test.admin.call(api.admin.createToken, { body: { name: asker, scopes, days: 1 } });
    asked.set(asker, { Authorization: `Bearer ${token}` });
  }
});

async function invitation(): Promise<string> {
  const { link } = await test.admin.call(api.admin.invite, { body: { email: `${fresh()}@example.com`, roles: ["admin"] } });
  return link.split("#")[1]!;
}

/** An admin to be, who has not added a second factor yet: a role must not help. */
async function withoutSecondFactor(): Promise<Browser> {
  const browser = test.browser();
  browser.csrf = (await browser.call(api.session.acceptInvitation, { body: { secret: await invitation(), name: "Eno", password: PASSWORD } })).csrf;
  return browser;
}

function headersOf({ cookies, csrf }: Browser): Record<string, string> {
  return { Cookie: [...cookies].map((pair) => pair.join("=")).join("; "), "X-CSRF-Token": csrf };
}

/** Asks once, and says whether the asker was let try: `yes`, or the status of the refusal. */
async function answer(asker: Asker, route: Route, { params, query, body, proof }: Line): Promise<"yes" | 401 | 403> {
  const content = typeof body === "function" ? body({ invitation: await invitation(), fresh: fresh() }) : body;
  const response = await test.fetch(pathOf(route, { params, query }), {
    method: route.method,
    headers: { ...asked.get(asker)!, ...(content !== undefined && { "Content-Type": "application/json" }) },
    ...(content !== undefined && { body: JSON.stringify(content) }),
  });
  if (response.status !== 401 && response.status !== 403) {
    // A stream would go on for ever.
    await response.body?.cancel();
    expect(response.status, `${route.method} ${route.path} as ${asker}`).toSatisfy((status: number) => status < 500 && status !== TOO_MANY);
    return "yes";
  }
  const refusal: unknown = await response.json();
  if (route.otlp) return response.status;
  const { detail } = Problem.parse(refusal);
  return proof !== undefined && detail === proof ? "yes" : response.status;
}

/** Who did not come in is told so; who came in is told that this is not theirs. What is a person's own, a token does not have. */
function expected(asker: Asker, route: Route, { may }: Line): ("yes" | 401 | 403)[] {
  if (may.split(" ").includes(asker)) return ["yes"];
  if (asker === "nobody") return [401];
  if (asker === "enrol" && route.access !== "self") return [401];
  return route.access === "public" || route.access === "self" ? [401, 403] : [403];
}

describe("the table of roles", () => {
  it("has a line for every route, and no line without one", () => expect(Object.keys(ROLE_TABLE).toSorted()).toEqual(routes.map(({ name }) => name).toSorted()));

  it("names nobody whom there is not", () => {
    for (const [name, { may }] of Object.entries(ROLE_TABLE)) expect(ASKERS, name).toEqual(expect.arrayContaining(may.split(" ")));
  });

  it.each(inOrder)("$name", async ({ name, route }) => {
    const line = ROLE_TABLE[name];
    if (line === undefined) throw new Error(`${name} is in no line of the table of roles: say there who may ask it.`);
    const wrong: string[] = [];
    for (const asker of ASKERS) {
      const found = await answer(asker, route, line);
      const right = expected(asker, route, line);
      if (!right.includes(found)) wrong.push(`${asker}: ${right.join(" or ")}, but was answered ${found}`);
    }
    expect(wrong).toEqual([]);
  });
});

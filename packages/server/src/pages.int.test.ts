import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { api, type ResponseOf } from "@corduroy/contract";
import { estate } from "@corduroy/estate";
import { fakeBlobs, fakeOkta } from "@corduroy/testkit";
import { invited, PASSWORD, testService } from "./test/running.ts";

type Story = ResponseOf<typeof api.findings.now>["items"][number];

const DAY_MS = 86_400_000;
/** A layout shift that nobody sees: a tenth of what the Web Vitals still call good. */
const STILL = 0.01;

const clock = { now: () => new Date(), advance: () => undefined, onAdvance: () => undefined };
const [okta, blobs] = [await fakeOkta({ clock }), await fakeBlobs({ clock })];
const test = testService({ allow: [okta.place, blobs.place], onStop: async () => void (await Promise.all([okta.stop(), blobs.stop()])) });
const company = estate({ seed: 7, day: new Date(Date.now() - DAY_MS).toISOString().slice(0, 10), events: 2_000, breach: true });
let browser: Browser;
let context: BrowserContext;

/** Sends the company's day, with the break-in, and records that nobody can read; waits until all of it is in the lake. */
beforeAll(async () => {
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "trail", scopes: ["events:*"], days: 1 } });
  const send = async (body: string): Promise<void> => {
    const answer = await test.fetch("/v1/events/aws.cloudtrail", { method: "POST", headers: { Authorization: `Bearer ${token}` }, body });
    expect(answer.status).toBe(202);
  };
  for (const { records } of company.files()) await send(`{"Records":[${records.join(",")}]}`);
  await send('{"eventTime": "half a rec');
  await test.service.ingest.receiver.spool.seal();
  while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
  for (const name of ["on-call", "platform"]) await test.admin.call(api.admin.addDestination, { body: { kind: "pagerduty", name, routingKey: "0".repeat(32) } });
  browser = await chromium.launch(inject("chromium"));
  context = await browser.newContext({ baseURL: test.service.origin });
  await context.addCookies([...test.admin.cookies].map(([name, value]) => ({ name, value, url: test.service.origin })));
});
afterAll(async () => {
  await browser.close();
});

it("puts a leaked key's break-in on top, as one thing to decide", async () => {
  const { items } = await test.admin.call(api.findings.now);
  const { userName, newUserName, accessKeyId } = company.breach!;
  const [first] = items;
  const story = [first!.finding, ...first!.together];
  expect(new Set(story.map(({ entity }) => entity.name))).toEqual(new Set([userName, newUserName]));
  expect(first!.finding.title).toContain(accessKeyId);
  expect(story.length).toBeGreaterThan(4);
  expect(first!.why).toMatch(new RegExp(`^${story.length} findings about ${userName} and ${newUserName} within \\d+ (?:min|h), over \\d tactics; `));
  const { items: all } = await test.admin.call(api.findings.list, { query: { limit: 200 } });
  expect(story.map(({ id }) => id).sort()).toEqual(all.filter(({ entity }) => [userName, newUserName].includes(entity.name)).map(({ id }) => id).sort());
  expect(items.slice(1).flatMap(({ finding, together }) => [finding, ...together]).filter(({ entity }) => entity.name === userName)).toEqual([]);
});

it("shows how all rows of a query lie in time, also those beyond the limit of rows, or says of which it does", async () => {
  const page = await context.newPage();
  const answer = await test.admin.raw("/v1/query", { sql: "select count(*) as n from events" });
  const [events] = (JSON.parse((await answer.text()).split("\n")[1]!) as { row: [number] }).row;
  expect(events).toBeGreaterThan(1_500);
  const all = events.toLocaleString("en");
  for (const [sql, drawn, about] of [
    ["select time, operation from events order by time desc limit 20", "20", "All 20 rows of the query"],
    ["with e as (from events)\nselect operation, time, time::date as day from e order by time desc -- the newest first", all, `All ${all} rows of the query`],
    ["select time from events where time > '2000-01-01' limit 1500 ;\n", "1,500", "All 1,500 rows of the query"],
    ["select distinct time_bucket(interval 7 seconds, make_timestamp(range * 7000000 - 70000000)) as t, null as x from range(4000)", "4,000", "All 4,000 rows of the query"],
    ["select time from events; -- and no more", "1,000", "Only the 1,000 rows that came: all of them could not be counted"],
  ] as const) {
    await page.goto(`/search#sql=${encodeURIComponent(sql)}`);
    await page.getByRole("button", { name: /^Run/ }).click();
    await page.getByText(about, { exact: true }).waitFor();
    await page.getByRole("img", { name: new RegExp(`^${drawn} rows, at most `) }).waitFor();
  }
  await page.close();
});

describe("with the keyboard", () => {
  const focused = (page: Page): Promise<string> => page.evaluate("document.activeElement.textContent");

  it("one goes through a story, into a dialog and back, and on from where a closed finding stood", async () => {
    const [{ finding: lead, together: [first, second] }] = (await test.admin.call(api.findings.now)).items as [Story, ...Story[]];
    const page = await context.newPage();
    await page.goto("/");
    await page.getByRole("link", { name: lead.title }).waitFor();
    const passed: string[] = [];
    for (const key of ["j", "j", "j", "k"]) {
      await page.keyboard.press(key);
      passed.push(await focused(page));
    }
    expect(passed).toEqual([lead.title, first!.rule.title, second!.rule.title, first!.rule.title]);
    await page.keyboard.press("e");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await focused(page)).toBe(first!.rule.title);
    await page.keyboard.press("e");
    await page.getByRole("dialog").getByLabel("Reason").fill("Seen.");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("link", { name: first!.rule.title, exact: true }).waitFor({ state: "detached" });
    await page.keyboard.press("j");
    expect(await focused(page)).toBe(second!.rule.title);
    await page.close();
  });

  it("one finds what is overdue, and sees beside each filter how much it would show", async () => {
    const { items } = await test.admin.call(api.findings.list, { query: { limit: 200 } });
    const [late] = items;
    await test.admin.call(api.findings.change, { params: { id: late!.id }, body: { version: late!.version, dueAt: "2026-01-01T00:00:00.000Z" } });
    const page = await context.newPage();
    await page.goto("/findings");
    await page.getByRole("button", { name: "Overdue (1)" }).click();
    await page.getByRole("option", { name: "Active (1)" }).waitFor({ state: "attached" });
    await page.getByRole("row").nth(1).getByText(/overdue$/).waitFor();
    expect(await page.getByRole("row").count()).toBe(2);
    expect(new URL(page.url()).search).toBe("?due=overdue");
    await page.getByRole("button", { name: "Reset" }).click();
    for (const [name, count] of [["Active", items.length], ["Medium", items.filter(({ level }) => level === "medium").length]] as const) await page.getByRole("option", { name: `${name} (${count})` }).waitFor({ state: "attached" });
    await page.close();
  });
});

it("what cannot be undone asks once more, and no more when one turns away", async () => {
  const { about } = await test.admin.call(api.admin.createToken, { body: { name: "old laptop", scopes: ["events:*"], days: 1 } });
  const revoked = async (): Promise<boolean> => (await test.admin.call(api.admin.tokens, { query: {} })).items.some(({ id, revokedAt }) => id === about.id && revokedAt !== null);
  const page = await context.newPage();
  await page.goto("/settings/tokens");
  const row = page.getByRole("row").filter({ hasText: "old laptop" });
  await row.getByRole("button", { name: "Revoke" }).click();
  await row.getByRole("button", { name: "Revoke for good?" }).waitFor();
  await page.keyboard.press("Tab");
  await row.getByRole("button", { name: "Revoke", exact: true }).click();
  expect(await revoked()).toBe(false);
  await row.getByRole("button", { name: "Revoke for good?" }).click();
  await row.getByText("revoked").waitFor();
  expect(await revoked()).toBe(true);
  await page.close();
});

it("shows people a page at a time, and takes the second factors of somebody away, who adds new ones", async () => {
  await test.database.pool.query("INSERT INTO users (id, email, name, roles, created_at) SELECT 'many-' || n, 'many-' || n || '@example.com', 'Many', '{viewer}', now() FROM generate_series(1, 120) AS n");
  const nina = await invited(test, "nina@example.com", "viewer");
  const page = await context.newPage();
  await page.goto("/settings/people");
  const row = page.getByRole("row").filter({ hasText: "nina@example.com" });
  await page.getByText("many-1@example.com").waitFor();
  expect(await row.count()).toBe(0);
  await page.getByRole("button", { name: "Show more" }).click();
  await row.getByRole("button", { name: "Reset factors" }).click();
  expect(await nina.call(api.session.current)).toMatchObject({ stage: "full" });
  await row.getByRole("button", { name: "Take them all away?" }).click();
  await page.getByText("nina is signed out, and adds new second factors at the next sign-in.").waitFor();
  await expect(nina.call(api.session.current)).rejects.toThrow("You are not signed in.");
  expect(await test.browser().call(api.session.signIn, { body: { email: "nina@example.com", password: PASSWORD } })).toMatchObject({ stage: "enrol" });
  expect(await page.getByRole("button", { name: "Show more" }).count()).toBe(0);
  await test.database.pool.query("DELETE FROM users WHERE name = 'Many'");
  await page.close();
});

it("shows what is in quarantine, and has it tried again", async () => {
  const id = "20261121T174831204Z-518ab3a270bab91c";
  const folder = join(test.folder, "data/spool/quarantine");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${id}.seg`), "cut off");
  writeFileSync(join(folder, `${id}.json`), JSON.stringify({ at: "2026-11-21T17:48:31.204Z", reason: "A worker process ended.", sources: ["generic.json"] }));
  const page = await context.newPage();
  await page.goto("/sources");
  await page.getByRole("heading", { name: "1 segment in quarantine" }).waitFor();
  await page.getByText("A worker process ended. generic.json, 7 bytes").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "quarantine" }).waitFor({ state: "detached" });
  expect((await test.admin.call(api.events.quarantine)).items).toEqual([]);
  await page.close();
});

it("says that a source is silent for longer than usual, and why records could not be read", async () => {
  await test.database.pool.query("INSERT INTO intake_hours (source, hour, read, stored, duplicate, dead, bytes, last_received_at, lag_ms) SELECT 'okta.system', hour, 1, 0, 0, 1, 1, hour + interval '59 minutes', 1000 FROM generate_series(date_trunc('hour', now()) - interval '9 days', date_trunc('hour', now()) - interval '6 hours', interval '1 hour') AS hour");
  const page = await context.newPage();
  await page.goto("/sources");
  await page.getByRole("row", { name: "okta.system quiet" }).waitFor();
  for (const [id, rhythm] of [["okta.system", "silent for longer than usual"], ["aws.cloudtrail", "still being learned"]] as const) {
    await page.goto(`/sources/${id}`);
    await page.getByText(rhythm).waitFor();
  }
  await page.getByText("cut off 1, since the service was started").waitFor();
  await test.database.pool.query("DELETE FROM intake_hours WHERE source = 'okta.system'");
  await page.close();
});

/** Opens the form for a collector on a page of its own. */
async function addingAt(path: string): Promise<{ page: Page; dialog: Locator; add: Locator }> {
  const page = await context.newPage();
  await page.goto(path);
  await page.getByRole("button", { name: "Add a collector…" }).click();
  const dialog = page.getByRole("dialog");
  return { page, dialog, add: dialog.getByRole("button", { name: "Add and try it" }) };
}

it("adds a collector, says what is wrong with it in plain words, and forgets the secret; pauses it, fetches older events, and removes it", async () => {
  const { page, dialog, add } = await addingAt("/sources");
  await dialog.getByLabel("Address of the org").fill("corp.okta.com");
  await add.click();
  await dialog.getByText("Write the whole address, with https:// before it.").waitFor();
  await dialog.getByText("This is needed.").waitFor();
  await dialog.getByLabel("Address of the org").fill(okta.origin);
  okta.fail({ kind: "status", status: 403, body: '{"errorCode":"E0000006"}' });
  await dialog.getByLabel("API token").fill(okta.token);
  await add.click();
  await dialog.getByText(/^It does not work yet\. The token may not read the System Log/).waitFor();
  await dialog.getByText(/okta\.logs\.read and nothing else/).last().waitFor();
  okta.fail();
  await dialog.getByRole("button", { name: "Remove it, and begin again" }).click();
  await dialog.getByLabel("Address of the org").fill(okta.origin);
  expect(await dialog.getByLabel("API token").inputValue()).toBe("");
  await dialog.getByLabel("API token").fill(okta.token);
  await add.click();
  await dialog.getByText(/^It works\. It may read the log/).waitFor();
  expect(await page.content()).not.toContain(okta.token);
  await dialog.getByRole("button", { name: "Close", exact: true }).click();
  await page.goto("/sources/okta.system");
  await page.getByText(/^Okta, running, last success .*, has read up to .* UTC/).waitFor();
  await page.getByRole("button", { name: "Fetch older…" }).click();
  await dialog.getByLabel("Fetch what happened since").selectOption("a week ago");
  await dialog.getByRole("button", { name: "Fetch it" }).click();
  await page.getByText("It is being fetched, beside what is new.").waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText(/^Okta, paused/).waitFor();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Remove for good?" }).click();
  await page.getByText("None: events of this source are sent with a token.").waitFor();
  await page.close();
});

it("adds a container with a signature, which is forgotten, and says what is wrong with the address of a bucket", async () => {
  const { page, dialog, add } = await addingAt("/sources/azure.activity");
  await dialog.getByLabel("From").selectOption("s3");
  await dialog.getByLabel("Bucket, or a folder in it").fill("trail");
  await add.click();
  await dialog.getByText("It looks like s3://bucket or s3://bucket/folder").waitFor();
  await dialog.getByLabel("From").selectOption("azure-blob");
  await dialog.getByLabel("Container, or a folder in it").fill(blobs.address);
  await dialog.getByLabel("Read it").selectOption("signature");
  await dialog.locator('input[name="secret"]').fill(blobs.sas);
  await add.click();
  await dialog.getByText(/^It works\./).waitFor();
  expect(await page.content()).not.toContain(blobs.sas);
  await dialog.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByText(/^Azure Storage, running/).waitFor();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Remove for good?" }).click();
  await page.getByText("None: events of this source are sent with a token.").waitFor();
  await page.close();
});

it("marks what a developer sees as pseudonyms, and says that records are withheld", async () => {
  const devi = await invited(test, "devi@example.com", "developer");
  const own = await browser.newContext({ baseURL: test.service.origin });
  await own.addCookies([...devi.cookies].map(([name, value]) => ({ name, value, url: test.service.origin })));
  const page = await own.newPage();
  await page.goto(`/search#sql=${encodeURIComponent("select time, address, raw_data from events limit 3")}`);
  await page.getByRole("button", { name: /^Run/ }).click();
  const rows = page.getByRole("table", { name: "Rows" });
  await rows.getByRole("columnheader", { name: "address" }).getByRole("img", { name: "Shown as a pseudonym" }).waitFor();
  expect(await rows.getByRole("columnheader", { name: "time" }).getByRole("img").count()).toBe(0);
  expect(await rows.getByRole("cell", { name: "withheld" }).count()).toBe(3);
  await page.getByLabel("Answer").getByText(/A pseudonym stands for each person and address.*Records as they came are withheld.*personal\.read/).waitFor();
  await rows.getByRole("row").nth(1).click();
  await page.getByRole("dialog").getByText("withheld", { exact: true }).waitFor();
  await own.close();
});

/** Lets each answer of the service come only after the page has painted what it has: then whatever moves is seen to move. */
async function paintedBetweenAnswers(): Promise<Page> {
  const page = await context.newPage();
  await page.route("**/v1/**", async (route) => {
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))").catch(() => undefined);
    await route.continue().catch(() => undefined);
  });
  return page;
}

/** What moved without anybody's doing since the page began to load, as the Layout Instability API counts it. */
const MOVED = `new Promise((done) => {
  const seen = [];
  const keep = (entries) => seen.push(...entries.filter(({ hadRecentInput }) => !hadRecentInput).map(({ value, sources }) => [value, sources.map(({ node }) => node?.parentElement?.className + " > " + (node?.className || node?.nodeName)).join(", ")]));
  const observer = new PerformanceObserver((list) => keep(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => { keep(observer.takeRecords()); done(seen); }));
})`;

describe.each([1440, 390])("%i pixels wide", (width) => {
  it.each([["/", "Now"], ["/findings?state=all", "Findings"], ["finding", ""], ["/suppressions", "Suppressions"], ["/search", "Search"], ["/rules", "Rules"], ["rule", ""], ["/sources", "Sources"], ["/sources/aws.cloudtrail", "aws.cloudtrail"], ["/catalog", "Catalog"], ["/audit", "Audit"], ...["people", "tokens", "destinations", "retention", "security", "sessions", "service"].map((section) => [`/settings/${section}`, "Settings"] as const)] as const)("%s holds still while it loads", async (name, title) => {
    const [finding] = (await test.admin.call(api.findings.list, { query: { limit: 1 } })).items;
    const path = name === "finding" ? `/findings/${finding!.id}` : name === "rule" ? `/rules/${finding!.rule.id}` : name;
    const page = await paintedBetweenAnswers();
    await page.setViewportSize({ width, height: 900 });
    await page.goto(path, { waitUntil: "networkidle" });
    await page.getByRole("heading", { level: 1, ...(title !== "" && { name: title }) }).waitFor();
    const moved = (await page.evaluate(MOVED)) as [number, string][];
    await page.close();
    expect(moved.reduce((sum, [value]) => sum + value, 0), JSON.stringify(moved)).toBeLessThanOrEqual(STILL);
  });
});

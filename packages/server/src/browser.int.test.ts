import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "otplib";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { api } from "@corduroy/contract";
import { PASSWORD, testService } from "./test/running.ts";

const catalog = mkdtempSync(join(tmpdir(), "corduroy-catalog-"));
writeFileSync(join(catalog, "catalog-info.yaml"), "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: payments\nspec:\n  type: team\n");
const test = testService({ catalog, allow: ["127.0.0.1:9"], onStop: async () => rmSync(catalog, { recursive: true }) });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

const record = (eventName: string, n: number): object => ({
  eventVersion: "1.10", eventTime: new Date(Date.now() - 60_000).toISOString().slice(0, 19) + "Z", eventSource: "cloudtrail.amazonaws.com", eventName, awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24", userAgent: "<img src=x onerror=alert(1)>",
  userIdentity: { type: "IAMUser", userName: "dana", accountId: "111122223333", arn: "arn:aws:iam::111122223333:user/dana", principalId: "AIDAEXAMPLE" },
  eventID: `5d7c1ec2-45a4-42ca-b3ce-49778600000${n}`, recipientAccountId: "111122223333", requestParameters: { name: "company" }, responseElements: null,
});

async function newPage(baseURL = test.service.origin): Promise<Page> {
  context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } });
  const opened = await context.newPage();
  opened.on("pageerror", (error) => complaints.push(String(error)));
  opened.on("console", (message) => {
    if (message.type() === "error" && !/status of 40[0-9]/.test(message.text())) complaints.push(message.text());
  });
  return opened;
}

beforeAll(async () => {
  browser = await chromium.launch(inject("chromium"));
  page = await newPage();
});
afterAll(async () => {
  await browser.close();
  expect(complaints).toEqual([]);
});

/** What axe finds that stands in somebody's way. */
async function barriers(at: Page): Promise<string[]> {
  // The page's policy allows no script but its own: axe is brought in past it, as a browser's tools are.
  const found = (await at.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`)) as { violations: { id: string; impact: string; nodes: { html: string }[] }[] };
  return found.violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}

/** Waits until all that was sent is in the lake. */
async function feed(...records: object[]): Promise<void> {
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "trail", scopes: ["events:aws.cloudtrail"], days: 1 } });
  const answer = await test.fetch("/v1/events/aws.cloudtrail", { method: "POST", headers: { Authorization: `Bearer ${token}` }, body: JSON.stringify({ Records: records }) });
  expect(answer.status).toBe(202);
  await test.service.ingest.receiver.spool.seal();
  while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
}

/** Comes in through an invitation, with an authenticator app. @param by how the service is called @returns its secret */
async function comeIn(at: Page, email: string, name: string, role: "viewer" | "responder" | "admin", by = (link: string): string => link): Promise<string> {
  const { link } = await test.admin.call(api.admin.invite, { body: { email, roles: [role] } });
  await at.goto(by(link));
  await at.getByLabel("Name").fill(name);
  expect(at.url()).not.toContain("#");
  await at.getByLabel("Password").fill(PASSWORD);
  await at.getByRole("button", { name: "Join" }).click();
  await at.getByRole("button", { name: "Use an authenticator app" }).click();
  const secret = (await at.locator("form code").textContent())!.replaceAll(" ", "");
  await at.getByLabel("The code that the app shows").fill(await generate({ secret }));
  await at.getByRole("button", { name: "Confirm" }).click();
  await at.getByRole("button", { name: /kept/i }).click();
  await at.getByRole("heading", { name: "Now" }).waitFor();
  return secret;
}

describe("an analyst", () => {
  let totp: string;

  it("comes in through an invitation, with a second factor, and signs in again with both", async () => {
    totp = await comeIn(page, "rana@example.com", "Rana", "responder");
    await context.clearCookies();
    await page.goto("/findings");
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel("E-mail").fill("rana@example.com");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    // The code that was used to enrol is used up; the next half minute's is taken, too.
    await page.getByLabel("Code").fill(await generate({ secret: totp, epoch: Math.floor(Date.now() / 1000) + 30 }));
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Findings" }).waitFor();
  });

  it("sees a finding appear while the list is open, takes it and closes it, with the keyboard", async () => {
    await feed(record("StopLogging", 1), record("GetTrail", 2));
    await page.getByText("1 new finding").waitFor();
    await page.keyboard.press("n");
    await page.getByText("dana").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("o");
    await page.getByRole("heading", { name: /dana/ }).waitFor();
    await page.keyboard.press("a");
    await page.getByText("Given to Rana").waitFor();
    await page.keyboard.press("e");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Resolved").check();
    await dialog.getByLabel("Reason").fill("Logging is on again.");
    expect(await barriers(page)).toEqual([]);
    await dialog.getByRole("button", { name: /^Close it/ }).click();
    await page.getByText("open → resolved: Logging is on again.").waitFor();
    const { items } = await test.admin.call(api.findings.list, { query: { state: "closed" } });
    expect(items).toMatchObject([{ state: "resolved", owner: { name: "Rana" } }]);
  });

  it("opens it again from the list with the key that closes, and gives it a due date that is typed", async () => {
    await page.goto("/findings?state=closed");
    await page.getByRole("row", { name: /dana/ }).getByRole("link").focus();
    await page.keyboard.press("e");
    const dialog = page.getByRole("dialog", { name: "Open the finding again" });
    await dialog.getByLabel("Reason").fill("It is off again.");
    await dialog.getByRole("button", { name: /^Open again/ }).click();
    await page.getByText("Open again.", { exact: true }).waitFor();
    const [{ id } = { id: "" }] = (await test.admin.call(api.findings.list, { query: {} })).items;
    await page.goto(`/findings/${id}`);
    await page.getByLabel("Due", { exact: true }).focus();
    await page.keyboard.type("03152031");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.getByText("Due 2031-03-15").waitFor();
    const { timeline } = await test.admin.call(api.findings.get, { params: { id } });
    expect(timeline.filter(({ kind }) => kind === "due").map(({ text }) => text)).toEqual(["Due 2031-03-15"]);
  });

  it("is told what somebody else did while a dialog was open, and has the last word when it still holds", async () => {
    const [{ id, version } = { id: "", version: 0 }] = (await test.admin.call(api.findings.list, { query: {} })).items;
    await page.keyboard.press("e");
    const dialog = page.getByRole("dialog", { name: "Close the finding" });
    await dialog.getByLabel("Reason").fill("It was a drill.");
    await test.admin.call(api.findings.change, { params: { id }, body: { version, priority: "p1" } });
    await page.getByLabel("Priority").and(page.locator("select")).and(page.locator(":has(option:checked:text-is('P1'))")).waitFor();
    await dialog.getByRole("button", { name: /^Close it/ }).click();
    await page.getByText(/Somebody changed this finding first \(.*priority: .* → P1/).waitFor();
    await dialog.getByRole("button", { name: /^Close it/ }).click();
    await page.getByText("open → resolved: It was a drill.").waitFor();
  });

  it("asks the lake with SQL", async () => {
    await page.goto(`/search#sql=${encodeURIComponent("select operation, count(*) as n from events group by all order by all")}`);
    await page.getByRole("button", { name: /^Run/ }).click();
    await page.getByText("StopLogging").first().waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  it("asks it of one team or environment alone, in an address that others can open", async () => {
    const team = page.getByLabel("Team");
    await page.getByLabel("Environment").selectOption("No known environment");
    await page.getByText(/rows? in no known environment/).waitFor();
    await team.selectOption("payments");
    await page.getByText("0 rows of payments in no known environment").waitFor();
    expect(new URL(page.url()).hash).toMatch(/^#sql=select%20operation.*&team=payments&environment=unknown$/);
    await page.reload();
    expect(await team.inputValue()).toBe("payments");
    await team.selectOption("none");
    await page.getByRole("button", { name: /^Run/ }).click();
    await page.getByText("StopLogging").first().waitFor();
  });
});

it("a record that was read again says so, and a suppression that is over is still to be read", async () => {
  const { token } = await test.admin.call(api.admin.createToken, { body: { name: "broken", scopes: ["events:aws.cloudtrail"], days: 1 } });
  await test.fetch("/v1/events/aws.cloudtrail", { method: "POST", headers: { Authorization: `Bearer ${token}` }, body: '{"Records":[{"e"' });
  await test.service.ingest.receiver.spool.seal();
  while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
  await page.goto("/sources/aws.cloudtrail");
  await page.getByRole("checkbox", { name: /record 1$/ }).check();
  await page.getByRole("button", { name: "Read 1 record again" }).click();
  await page.getByText(/^read again/).waitFor();
  expect(await page.getByRole("checkbox", { name: /record 1$/ }).last().isDisabled()).toBe(true);
  const { id } = await test.admin.call(api.findings.suppress, { body: { reason: "The scanner of last week.", scope: { rule: "r1" }, expiresAt: new Date(Date.now() + 86_400_000).toISOString() } });
  await test.admin.call(api.findings.endSuppression, { params: { id } });
  await page.goto("/suppressions");
  await page.getByText("Nothing is hidden").waitFor();
  await page.getByRole("button", { name: "Those that are over" }).click();
  await page.getByText("The scanner of last week.").waitFor();
  expect(await barriers(page)).toEqual([]);
});

it("a viewer sees what there is, and why the rest is not for them", async () => {
  page = await newPage();
  await comeIn(page, "vera@example.com", "Vera", "viewer");
  await page.goto("/findings?state=closed");
  await page.getByText(/hidden-[0-9a-f]{20}/).first().click();
  await page.getByRole("heading", { name: /hidden-/ }).waitFor();
  expect(await page.getByText("dana").count()).toBe(0);
  const reopen = page.getByRole("button", { name: /open again/i });
  expect(await reopen.getAttribute("aria-disabled") ?? await reopen.getAttribute("disabled")).not.toBeNull();
  await page.goto("/search");
  await page.getByText(/may not|not allowed|needs/i).first().waitFor();
});

it("an admin makes a token that does what was chosen, says where a team's alerts go, and changes the password, which ends all other sessions", async () => {
  const desk = await newPage();
  const secret = await comeIn(desk, "olga@example.com", "Olga", "admin");
  await desk.goto("/settings/tokens");
  await desk.getByRole("button", { name: "Make a token…" }).click();
  const dialog = desk.getByRole("dialog");
  await dialog.getByLabel("Name").fill("set-up");
  await dialog.getByLabel("say what is collected").check();
  await dialog.getByLabel("hand in events of aws.cloudtrail").check();
  expect(await barriers(desk)).toEqual([]);
  await dialog.getByRole("button", { name: "Make it" }).click();
  await dialog.getByText(/^cdy_/).waitFor();
  expect((await test.admin.call(api.admin.tokens, { query: {} })).items.find(({ name }) => name === "set-up")).toMatchObject({ scopes: ["sources", "events:aws.cloudtrail"], createdBy: "Olga" });

  await desk.goto("/sources");
  await desk.getByRole("button", { name: "Add a collector…" }).click();
  await dialog.getByRole("button", { name: "Add and try it" }).click();
  await dialog.getByText("This is needed.").first().waitFor();
  expect(await barriers(desk)).toEqual([]);

  await test.admin.call(api.admin.addDestination, { body: { kind: "slack", name: "payments-alerts", url: "http://127.0.0.1:9/hook" } });
  await desk.goto("/catalog");
  await desk.getByText("nobody: it has no route, and what nobody owns has none").waitFor();
  await desk.getByLabel("Where alerts of payments go").selectOption("payments-alerts");
  await desk.getByText("The route is changed.").waitFor();
  expect((await test.admin.call(api.admin.catalog)).teams).toMatchObject([{ told: { by: "team", destinations: ["payments-alerts"] } }]);

  const elsewhere = test.browser();
  await elsewhere.call(api.session.signIn, { body: { email: "olga@example.com", password: PASSWORD, code: await generate({ secret, epoch: Math.floor(Date.now() / 1000) + 30 }) } });
  expect(await elsewhere.call(api.session.current)).toMatchObject({ stage: "full" });
  await desk.goto("/settings/security");
  const change = async (current: string): Promise<void> => {
    await desk.getByLabel("Current password").fill(current);
    await desk.getByLabel("New password").fill("nine quiet lamps 41 meadow");
    await desk.getByRole("button", { name: "Change it" }).click();
  };
  await change("not the password");
  await desk.getByText("The current password is wrong.").waitFor();
  expect(await barriers(desk)).toEqual([]);
  await change(PASSWORD);
  await desk.getByText("You are signed out everywhere else.").waitFor();
  await expect(elsewhere.call(api.session.current)).rejects.toThrow("You are not signed in.");
  await desk.goto("/settings/sessions");
  await desk.getByText("this one").waitFor();
  const ofRana = async (): Promise<number> => (await test.admin.call(api.session.list)).items.filter(({ user }) => user === "Rana").length;
  const before = await ofRana();
  await desk.getByRole("row", { name: /Rana/ }).first().getByRole("button", { name: "End" }).click();
  await desk.getByRole("button", { name: "End it now?" }).click();
  await desk.getByText("Ended.").waitFor();
  expect(await ofRana()).toBe(before - 1);
  const sign = (password: string): Promise<unknown> => test.browser().call(api.session.signIn, { body: { email: "olga@example.com", password } });
  await expect(sign(PASSWORD)).rejects.toThrow("The e-mail address, the password or the code is wrong.");
  expect(await sign("nine quiet lamps 41 meadow")).toMatchObject({ stage: "code" });
});

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  it.each([["/", "Now"], ["/findings?state=all", "Findings"], ["/suppressions", "Suppressions"], ["/search", "Search"], ["/rules", "Rules"], ["/sources", "Sources"], ["/sources/aws.cloudtrail", "aws.cloudtrail"], ["/catalog", "Catalog"], ["/audit", "Audit"], ["/settings", "Settings"], ["/settings/tokens", "Settings"], ["/settings/people", "Settings"]])("%s has no barriers, and fits a phone", async (path, title) => {
    await page.emulateMedia({ colorScheme });
    // Colours are the same at any width.
    for (const width of colorScheme === "light" ? [1440, 390] : [1440]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(path, { waitUntil: "networkidle" });
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), `${path} at ${width} scrolls sideways`).toBe(true);
      // Its rows are alike: all of them together take axe ten seconds.
      if (path === "/rules") await page.getByRole("searchbox").fill("okta");
      expect(await barriers(page), `${path} at ${width}`).toEqual([]);
    }
  });
});

describe("a passkey", () => {
  /** Its own name for the same place: passkeys belong to a name, and an address is none. */
  const named = (address: string): string => address.replace("//127.0.0.1:", "//localhost:");

  it("is made under Settings with the device's own authenticator, and signs in alone", async () => {
    page = await newPage(named(test.service.origin));
    const device = await context.newCDPSession(page);
    await device.send("WebAuthn.enable");
    await device.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
    await comeIn(page, "pia@example.com", "Pia", "viewer", named);
    await page.goto("/settings/security");
    await page.getByRole("button", { name: "Add a second factor…" }).click();
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("The passkey is added.").waitFor();
    const passkeys = page.getByRole("table", { name: "Passkeys" });
    await passkeys.getByText("never").waitFor();
    expect(await passkeys.getByRole("row").count()).toBe(2);

    await page.getByText("Pia", { exact: true }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByRole("heading", { name: /Settings/ }).waitFor();
    await page.goto("/settings/security");
    await passkeys.getByText("now").last().waitFor();
    expect(await passkeys.getByText("never").count()).toBe(0);

    await page.getByRole("button", { name: "Add a second factor…" }).click();
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("This device holds a passkey of yours already.").waitFor();
    await context.close();
  });

  it("is not to be had under an address: the page names the way", async () => {
    page = await newPage();
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByText(`Open ${named(test.service.origin)} instead`).waitFor();
    await context.close();
  });
});

import { describe, expect, it } from "vitest";
import { Forbidden, Invalid } from "../kernel/index.ts";
import { outbound, redacted, retryAfter } from "./index.ts";
import { HOSTILE_URLS, RESOLVED } from "./test/hostileUrls.ts";

const NOW = new Date("2026-11-20T10:00:00Z");
const way = outbound({
  allow: ["hooks.corp.example:8080", "plain.corp.example:80"],
  timeoutMs: 5000,
  maxBytes: 1024,
  now: () => NOW,
  resolve: (host) => Promise.resolve(RESOLVED[host] ?? []),
});

const asked = (url: string): Promise<unknown> => way.request({ method: "GET", url }).catch((error: unknown) => (error as Error).name);

describe("a hostile address", () => {
  it("comes in more than a hundred forms", () => {
    expect(HOSTILE_URLS.length).toBeGreaterThan(100);
  });

  it.each(HOSTILE_URLS)("%j is refused before anything is sent", async (url) => {
    const refused: unknown = await way.request({ method: "POST", url, body: "secret" }).catch((error: unknown) => error);
    expect(refused instanceof Forbidden || refused instanceof Invalid, String(refused)).toBe(true);
    expect(String(refused)).not.toMatch(/secret|passwd|meta-data/);
    expect(String(await way.check(url).catch((error: unknown) => error))).toBe(String(refused));
  });

  it("is told from one that is let out, and from one that cannot be found now", async () => {
    await expect(way.check("http://hooks.corp.example:8080/secret")).resolves.toBeUndefined();
  });
});

describe("the allow-list", () => {
  it.each(["corp.example", "corp.example:0", "corp.example:65536", "corp.example:443/x", "*.corp.example:443", "http://corp.example:80", "user@corp.example:80", "", ":80", "a b:80", "[::1]"])("does not take %j for host:port", (entry) => {
    expect(() => outbound({ allow: [entry], timeoutMs: 1, maxBytes: 1, now: () => NOW })).toThrow(Invalid);
  });

  it("covers the one port that it names", async () => {
    // Listed, and then the name does not exist: it was not refused.
    expect(await asked("http://HOOKS.corp.example:8080/")).toBe("Unavailable");
    expect(await asked("http://hooks.corp.example:8081/")).toBe("Forbidden");
    expect(await asked("http://hooks.corp.example/")).toBe("Forbidden");
    expect(await asked("http://plain.corp.example/")).toBe("Unavailable");
    expect(await asked("https://plain.corp.example/")).toBe("Unavailable");
  });
});

describe("a name that does not exist", () => {
  it("is told by name", async () => {
    const failing = outbound({ allow: [], timeoutMs: 5000, maxBytes: 1, now: () => NOW, resolve: () => Promise.reject(new Error("ENOTFOUND secret")) });
    await expect(way.request({ method: "GET", url: "https://nowhere.example/secret" })).rejects.toThrow("The name nowhere.example does not resolve to an address.");
    await expect(failing.request({ method: "GET", url: "https://nowhere.example/secret" })).rejects.toThrow("The name nowhere.example does not resolve to an address.");
  });
});

describe("redacted", () => {
  it.each([
    ["https://hooks.slack.example/services/T0/B0/secret?token=secret#secret", "https://hooks.slack.example"],
    ["https://user:secret@example.com:8443/secret", "https://example.com:8443"],
    ["http://[::1]:80/secret", "http://[::1]"],
    ["data:text/plain,secret", "data:"],
    ["secret", "an address that is no URL"],
  ])("%s is %s", (url, expected) => {
    expect(redacted(url)).toBe(expected);
  });
});

describe("retryAfter", () => {
  it.each([
    ["30", 30],
    [" 0 ", 0],
    ["99999999999", 86_400],
    ["Fri, 20 Nov 2026 10:01:00 GMT", 60],
    ["Fri, 20 Nov 2026 09:00:00 GMT", 0],
    ["Fri, 20 Nov 2036 09:00:00 GMT", 86_400],
    ["-5", undefined],
    ["1.5", undefined],
    ["soon", undefined],
    ["Fri, 99 Nov 2026 10:01:00 GMT", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("reads %j as %j", (value, expected) => {
    expect(retryAfter(value, NOW)).toBe(expected);
  });
});

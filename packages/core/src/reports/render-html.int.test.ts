import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { renderHtml } from "./render-html.ts";
import { breachReport } from "./test/breach-report.ts";
import { HOSTILE, withTexts } from "./test/hostile-texts.ts";

/** Runs in the page: the lowest contrast between a text and what is painted behind it (WCAG 2.2, 1.4.3), with the element it was found at. */
const LOWEST_CONTRAST = `(() => {
  const rgb = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const linear = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  let lowest = { ratio: 99, at: "" };
  for (const element of document.querySelectorAll("body *:not(defs *)")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "") || element.tagName === "title") continue;
    const style = getComputedStyle(element);
    const pair = [luminance(rgb(element.closest("svg") ? style.fill : style.color)), luminance(behind(element))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < lowest.ratio) lowest = { ratio, at: element.outerHTML.slice(0, 120) };
  }
  return lowest;
})()`;

/** Runs in the page: everything in it that a report never holds. */
const FOREIGN = `[...document.querySelectorAll("script,img,iframe,object,embed,form,input,link,base,video,audio,foreignObject")].map((e) => e.outerHTML)
  .concat([...document.querySelectorAll("*")].flatMap((e) => [...e.attributes]).filter((a) => /^on|^style$|^src/.test(a.name) || /^\\s*(javascript|data):/i.test(a.value)).map((a) => a.name + "=" + a.value))`;

describe("a report in Chromium", () => {
  let folder: string;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "corduroy-report-"));
    browser = await chromium.launch(inject("chromium"));
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a page and collects what it tried to load, and what the browser complained about. */
  async function open(markup: string, width: number, colorScheme: "light" | "dark"): Promise<{ page: Page; requests: string[]; complaints: string[] }> {
    const file = join(folder, "report.html");
    writeFileSync(file, markup);
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => complaints.push(dialog.message()));
    await page.goto(`file://${file}`);
    return { page, requests, complaints };
  }

  it.each([
    [1280, "light"],
    [1280, "dark"],
    [390, "light"],
    [390, "dark"],
  ] as const)("fits %i pixels, is readable and loads nothing (%s)", async (width, scheme) => {
    const { page, requests, complaints } = await open(renderHtml(breachReport()), width, scheme);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const lowest = await page.evaluate<{ ratio: number; at: string }>(LOWEST_CONTRAST);
    expect(lowest.ratio, lowest.at).toBeGreaterThanOrEqual(4.5);
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("opens records in print", async () => {
    const { page } = await open(renderHtml(breachReport()), 1000, "light");
    const shown = "document.querySelector('#f1 details.raw pre').checkVisibility()";
    expect(await page.evaluate(shown)).toBe(false);
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate(shown)).toBe(true);
    await page.close();
  });

  it("is reached by keyboard: first the skip link, then the findings", async () => {
    const { page } = await open(renderHtml(breachReport()), 1280, "light");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the findings");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe("#f1");
    await page.close();
  });

  it("runs, loads and builds nothing from hostile texts, at any width", async () => {
    for (const shift of [0, 5, 10, 15, 20]) {
      let i = shift;
      const report = withTexts({ ...breachReport(), title: "t" }, () => HOSTILE[i++ % HOSTILE.length] ?? "");
      const { page, requests, complaints } = await open(renderHtml({ ...report, findings: report.findings.slice(0, 3) }), 390, "light");
      const label = `starting at ${shift}`;
      expect(await page.evaluate("typeof pwned"), label).toBe("undefined");
      expect(await page.evaluate(FOREIGN), label).toEqual([]);
      expect(await page.evaluate("document.querySelectorAll('article').length"), label).toBe(3);
      expect(await page.evaluate("document.documentElement.scrollWidth"), label).toBe(390);
      expect(requests, label).toHaveLength(1);
      expect(complaints, label).toEqual([]);
      await page.close();
    }
  });
});

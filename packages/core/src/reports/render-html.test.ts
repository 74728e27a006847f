import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderHtml } from "./render-html.ts";
import type { ScanReport } from "./schemas.ts";
import { breachReport } from "./test/breach-report.ts";
import { HOSTILE, withTexts } from "./test/hostile-texts.ts";

/** Elements and attributes that the report is made of. Anything else in a page came from a text. */
const ELEMENTS = "html head meta title style body a svg defs path use g line rect circle text header main section footer article figure figcaption div p span b i br h1 h2 h3 h4 ul ol li dl dt dd table thead tbody tr th td time details summary pre code bdi".split(" ");
const ATTRIBUTES =
  "lang charset http-equiv content name class id href rel title datetime role tabindex scope colspan data-label aria-label aria-labelledby aria-hidden width height viewbox d x y x1 x2 y1 y2 r rx text-anchor overflow".split(" ");

interface Tag {
  name: string;
  attributes: [string, string][];
}

/** A reader of tags by itself: it knows quotes and nothing of how the page was made. A `<` that opens no tag is an error, as our pages have none. */
function tagsOf(page: string): Tag[] {
  const tags: Tag[] = [];
  const body = page.replace(/<style>.*?<\/style>/s, "");
  for (const piece of body.split("<").slice(1)) {
    const match = /^\/?([a-z][a-z0-9]*|!doctype)((?:\s+[a-zA-Z0-9-]+(?:="[^"]*")?)*)\s*\/?>[^>]*$/.exec(piece);
    if (match === null) throw new Error(`not a tag: <${piece.slice(0, 80)}`);
    const attributes = Array.from((match[2] ?? "").matchAll(/([a-zA-Z0-9-]+)(?:="([^"]*)")?/g), (found): [string, string] => [found[1]?.toLowerCase() ?? "", found[2] ?? ""]);
    tags.push({ name: match[1] ?? "", attributes });
  }
  return tags;
}

function expectHarmless(page: string): void {
  for (const { name, attributes } of tagsOf(page)) {
    if (name === "!doctype") continue;
    if (!ELEMENTS.includes(name)) throw new Error(`element ${name}`);
    for (const [attribute, value] of attributes) {
      if (!ATTRIBUTES.includes(attribute)) throw new Error(`attribute ${attribute} of ${name}`);
      if (attribute === "href" && !/^(?:#[a-z0-9-]+|https?:\/\/)/.test(value)) throw new Error(`address ${value}`);
    }
  }
  expect(page.replaceAll("\n", "").replaceAll("\t", "")).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069\u200B\u2028\u2029\uFEFF\p{Cs}]/u);
}

describe("renderHtml", () => {
  const page = renderHtml(breachReport());

  it("says what, who, where, when and what to do for every finding", () => {
    expect(page).toMatch(/<title>Security findings: svc-backup is behind 8 of 15 findings/);
    expect(page.match(/<article /g)).toHaveLength(15);
    const card = page.slice(page.indexOf('id="f1"'), page.indexOf('id="f2"'));
    for (const text of ["Critical", "Defense Impairment", "T1562.008", "svc-backup stopped the CloudTrail", "3 signals", "14 Mar 2026 02:51:07", "203.0.113.91", "AKIAIOSFODNN7EXAMPLE", "What to check", "do not delete it yet", "Likely benign when", "Why this rule", ".json.gz</bdi>:17", "<i>&quot;eventName&quot;</i>: &quot;StopLogging&quot;"]) {
      expect(card, text).toContain(text);
    }
  });

  it("says what was scanned, what was not, and that the counts add up", () => {
    expect(page).toContain("<b>412,907</b> read <span class=\"op\">=</span>");
    expect(page).toContain("truncated gzip");
    expect(page).not.toContain("do not add up");
    const report = breachReport();
    expect(renderHtml({ ...report, counts: { ...report.counts, stored: 1 } })).toContain("do not add up");
  });

  it("allows its own style by hash and nothing else", () => {
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`);
    expect(page).not.toMatch(/url\(|@import|\sstyle=|<script/);
  });

  it("stays honest when nothing was found, and when nothing was read", () => {
    const empty = renderHtml({ ...breachReport(), findings: [] });
    expect(empty).toContain("Nothing matched 74 rules in 412,907 events");
    expect(empty).not.toContain("<article");
    const none: ScanReport = { ...breachReport(), findings: [], volume: [], counts: { read: 0, stored: 0, duplicate: 0, dead: 0 }, unreadable: [], unreadable_total: 0, identities: [], addresses: [], services: [], operations: [], sources: [], inputs: [] };
    expect(renderHtml(none)).toContain("No event was read");
  });

  it("stays a file that opens with 6,000 findings and large records", () => {
    const report = breachReport();
    const [model] = report.findings;
    if (model === undefined) throw new Error("no finding");
    const samples = Array.from({ length: 5 }, () => ({ ...model.samples[0]!, raw: JSON.stringify({ filler: "x".repeat(8100) }) }));
    const findings = Array.from({ length: 6000 }, (_, i) => ({ ...model, id: String(i), samples, first_seen: new Date(Date.parse(model.first_seen) + i * 1000).toISOString() }));
    const large = renderHtml({ ...report, findings });
    expect(large.length).toBeLessThan(16_000_000);
    expect(large.match(/<article /g)).toHaveLength(200);
    expect(large.match(/<tr><td class="num dim">/g)).toHaveLength(5000);
    expect(large).toContain("left out here to keep this file small");
    expect(large).toContain("1,000 findings more are left out here");
    expect(large.match(/class="mark /g)?.length).toBeLessThan(100);
  });
});

describe("hostile texts", () => {
  const base = breachReport();
  const small = { ...base, title: "t", findings: base.findings.slice(0, 1) };

  it.each(HOSTILE.map((text) => [text.slice(0, 40), text]))("stay texts everywhere: %j", (_, text) => {
    expectHarmless(renderHtml(withTexts(small, () => text)));
  });

  it("stay texts whatever they are and wherever they stand", () => {
    const piece = fc.oneof(fc.constantFrom(...HOSTILE.filter((text) => text.length < 200)), fc.constantFrom('"', "'", "<", ">", "&", "=", "/", "`", "-->", "\u202E"), fc.string({ unit: "binary", maxLength: 8 }));
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join("")), { minLength: 1, maxLength: 12 }), (texts) => {
        let i = 0;
        expectHarmless(renderHtml(withTexts(small, () => texts[i++ % texts.length] ?? "")));
      }),
      { numRuns: 100 },
    );
  });

  it("are seen by this test: the same page with escaping undone is refused", () => {
    const page = renderHtml(withTexts(breachReport(), () => "<script>pwned=1</script>"));
    expect(() => expectHarmless(page.replace("<bdi>&lt;script&gt;", "<bdi><script>"))).toThrow(/element script/);
    expect(() => expectHarmless(page.replace("&lt;script&gt;", "<"))).toThrow(/not a tag/);
  });
});

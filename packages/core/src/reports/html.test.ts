import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reference } from "./hostile-text.ts";
import { html, trusted } from "./html.ts";

function decode(markup: string): string {
  return markup.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&#96;", "`").replaceAll("&amp;", "&");
}

describe("html", () => {
  it("escapes texts, keeps markup, joins lists, drops null and false", () => {
    expect(html`<a title="${`"'<>&\``}">${[html`<b>${1}</b>`, " & ", null, false]}</a>`.toString()).toBe('<a title="&quot;&#39;&lt;&gt;&amp;&#96;"><b>1</b> &amp; </a>');
  });

  it("takes only its own type as markup, not something that looks like it", () => {
    const forged = { toString: () => "<script>", length: 0 } as unknown as string;
    expect(() => html`${forged}`.toString()).toThrow();
    expect(html`${trusted("<hr>")}`.toString()).toBe("<hr>");
  });

  it("gives any text back unchanged to a reader of entities, but for what is written out", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("<", ">", "&", '"', "'", "`", ";", "lt", "#", "a") }), (text) => {
        const markup = html`${text}`.toString();
        expect(markup).not.toMatch(/[<>"'`]/);
        expect(decode(markup)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("reference", () => {
  it("links only http and https addresses without credentials", () => {
    expect(reference("https://example.com/a?b=1&c=2").toString()).toContain('<a href="https://example.com/a?b=1&amp;c=2" rel="noreferrer noopener">');
    for (const text of ["javascript:alert(1)", "https:", "//example.com", "data:text/html,x", " https://example.com", "https://user:pw@example.com", "https://exa mple.com", "file:///etc/passwd"]) {
      expect(reference(text).toString(), text).not.toContain("<a");
    }
  });
});

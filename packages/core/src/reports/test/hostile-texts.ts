import type { ScanReport } from "../schemas.ts";

/** Texts that attack a page, a terminal or a reader's eyes. If a script of theirs ran, `pwned` would be set. */
export const HOSTILE: readonly string[] = [
  "<script>pwned=1</script>",
  "</script><img src=x onerror=pwned=1>",
  '"><svg onload=pwned=1>',
  "' onmouseover='pwned=1' x='",
  "</title></style></textarea></pre></details><iframe srcdoc='<script>parent.pwned=1</script>'>",
  "--><!-- ]]> <![CDATA[ <?xml",
  "javascript:pwned=1",
  "JaVaScRiPt:pwned=1//https://example.com",
  "data:text/html,<script>pwned=1</script>",
  'https://example.com/"onclick="pwned=1',
  "https://user:secret@example.com/",
  "https://example.com/\u202Egnp.exe",
  "&lt;script&gt;pwned=1&lt;/script&gt; &amp;#x22;",
  "`${pwned=1}` {{pwned=1}} \\u003cscript\\u003e",
  "\u0000\u0007\u001B[2J\u001B]0;owned\u0007\u001B[31mred\u009B1m\u007F",
  "line one\r\nline two\ttab\u2028separator\u2029paragraph",
  "\u202Eevil\u2066\u2069\u200F\uFEFF\u200B\u{E0041}\u00AD",
  "half \uD800 a pair \uDC00",
  `z${"\u0301".repeat(400)}algo`,
  "<".repeat(10_240),
  "A".repeat(10_240),
  '{"a":"</pre><script>pwned=1</script>","\u202E":["\u001B[0m"]}',
  "",
];

/** The report with every text in it replaced, times and numbers written as text included; only levels and kinds, which are ours, stay. */
export function withTexts(report: ScanReport, next: () => string): ScanReport {
  return replaced(report, next) as ScanReport;
}

function replaced(value: unknown, next: () => string): unknown {
  if (typeof value === "string") return next();
  if (Array.isArray(value)) return value.map((item) => replaced(item, next));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === "level" || key === "kind" ? item : replaced(item, next)]));
}

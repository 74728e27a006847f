import { outbound, type Outbound } from "../../net/index.ts";
import type { AlertMessage } from "../schemas.ts";

export const NOW = new Date("2026-11-20T10:00:00Z");

/** The way out for a fake at `host:port`. */
export function wayTo(place: string, timeoutMs = 20_000): Outbound {
  return outbound({ allow: [place], timeoutMs, maxBytes: 16_384, now: () => NOW });
}

export function message(more: Partial<AlertMessage> = {}): AlertMessage {
  return {
    id: "finding/ab12cd34ab12cd34",
    kind: "finding",
    title: "anna stopped the audit log in production",
    level: "high",
    lines: ["CloudTrail was stopped by anna from 203.0.113.9.", "Check whether it was planned."],
    facts: [["Account", "111122223333"], ["Region", "eu-west-1"]],
    link: "https://corduroy.corp.example/findings/ab12cd34ab12cd34?tab=a&b=c",
    at: "2026-11-20T09:59:30Z",
    ...more,
  };
}

/** Texts that try to act: call everybody, add links, headers and tags, or hide. */
export const HOSTILE_TEXTS: readonly string[] = [
  "<!channel> <!here> <!everyone> <@U012AB3CD> <#C012AB3CD|x> <!subteam^S1>",
  "@channel @here @everyone",
  "<https://evil.example|Open in Corduroy> https://evil.example/x",
  "&lt;!channel&gt; &amp;lt;",
  "a\r\nBcc: victim@example.com\r\n\r\nbody",
  "\u202Eevil\u2066 \u001B[2J \u0000 \u200B \uD800",
  "</td></tr></table><script>pwned=1</script><a href='https://evil.example'>x</a>",
  `"onmouseover="pwned=1`,
  "=?utf-8?q?Bcc:_victim=40example.com?=",
  `z${"\u0301".repeat(4000)}`,
  "<".repeat(9000),
  "&".repeat(9000),
  "😀".repeat(4500),
  '"\\'.repeat(4500),
  "",
];

/** One message that carries a text in every place. */
export function withText(text: string): AlertMessage {
  return message({ title: text || " ", lines: Array.from({ length: 60 }, () => text), facts: Array.from({ length: 60 }, (_, n) => [n === 0 ? text.slice(0, 1000) : `Fact ${n}`, text]) });
}

/** Every text in a value that came over the wire, keys included, one a line. */
export function textsIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value).flatMap(([key, item]) => [key, textsIn(item)]).join("\n");
}

/** What must never reach a reader: characters that act instead of showing; line feeds between our own lines may. */
export const ACTING = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u;

import type * as z from "zod";
import type { Outbound } from "../net/index.ts";
import { outcomeOf } from "./outcome.ts";
import type { AlertMessage, Delivery, slackDestination } from "./schemas.ts";
import { bold, escaped, link, type Mrkdwn } from "./slackMarkup.ts";
import { readable, shown } from "./text.ts";

/** Block Kit's limits, in characters. */
const HEADER = 150;
const SECTION = 3000;
const FIELD = 2000;
const FIELDS = 10;

/** Posts to an incoming webhook of Slack, as Block Kit. Slack folds nothing: each message is another post. */
export async function deliverSlack(to: z.infer<typeof slackDestination>, message: AlertMessage, outbound: Outbound): Promise<Delivery> {
  const answer = await outbound.request({ method: "POST", url: to.url, headers: { "content-type": "application/json" }, body: JSON.stringify(postOf(message)) });
  // Slack's reasons are words such as `channel_is_archived`; nothing else of the answer is repeated.
  const reason = /^[a-z_]{3,60}$/.test(answer.body) ? answer.body : undefined;
  return outcomeOf("Slack", answer, outbound.now(), reason);
}

function postOf(message: AlertMessage): Record<string, unknown> {
  const { headline, lines, facts, link: page } = readable(message);
  const blocks: Record<string, unknown>[] = [{ type: "header", text: { type: "plain_text", text: shown(headline, HEADER), emoji: false } }];
  if (lines.some((line) => line !== "")) blocks.push({ type: "section", text: text(escaped(lines.join("\n"), SECTION)) });
  for (let from = 0; from < facts.length; from += FIELDS) {
    blocks.push({ type: "section", fields: facts.slice(from, from + FIELDS).map(([name, value]) => text(bold(name, value, FIELD))) });
  }
  const when = escaped(`${message.level} · ${message.at}`, FIELD);
  const open = page === null ? undefined : link(page, "Open in Corduroy", SECTION);
  blocks.push({ type: "context", elements: [text(when), ...(open === undefined ? [] : [text(open)])] });
  return { text: escaped(headline, SECTION), blocks };
}

/** `verbatim` keeps Slack from finding links, channels and `@here` in plain text by itself. */
function text(markup: Mrkdwn): Record<string, unknown> {
  return { type: "mrkdwn", text: markup, verbatim: true };
}

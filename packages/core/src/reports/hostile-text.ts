import { html, type Html, type Part } from "./html.ts";
import { clipped, visiblePieces } from "../kernel/index.ts";

/**
 * A text from a log, inline: isolated from the direction of the text around it, hidden characters set apart, cut at `limit`
 * characters. For places where the whole value can be seen elsewhere.
 */
export function shortText(text: string, limit = 160): Html {
  if (text.trim() === "") return html`<span class="dim">(empty)</span>`;
  const cut = text.length > limit;
  return html`<bdi>${marked(cut ? clipped(text, limit) : text)}${cut && html`<span class="cut" title="cut here, ${text.length} characters in all">…</span>`}</bdi>`;
}

/** The most of one value that is ever written into a report. */
const FULL_LIMIT = 16_384;

/** As `shortText`, with the whole value behind a disclosure when it is longer than `limit`. Block content: not inside `<p>`. */
export function longText(text: string, limit = 160): Html {
  if (text.length <= limit) return shortText(text, limit);
  const rest = text.length > FULL_LIMIT ? `the first ${FULL_LIMIT} of ${text.length} characters` : `all ${text.length} characters`;
  return html`<details class="full"><summary>${shortText(text, limit)}</summary><div class="note">${rest}</div><bdi class="block">${marked(clipped(text, FULL_LIMIT))}</bdi></details>`;
}

/** A time element that shows `text`; a time from a log may be no time at all, and then stays a text. */
export function timeText(time: string, text: string): Html {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? shortText(text, 40) : html`<time datetime="${at.toISOString()}">${text}</time>`;
}

/** A link when the text is an http or https address, else the text alone. */
export function reference(text: string): Html {
  const url = webAddress(text);
  return url === null ? shortText(text, 400) : html`<a href="${url}" rel="noreferrer noopener">${shortText(text, 400)}</a>`;
}

function webAddress(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.username === "" && url.password === "" ? url.href : null;
}

function marked(text: string): Part {
  return visiblePieces(text).map((piece) => (piece.hidden ? html`<span class="hid">${piece.text}</span>` : piece.text));
}

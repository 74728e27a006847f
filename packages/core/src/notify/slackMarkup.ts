/** Text in Slack's markup in which nothing acts but what we put there. */
export type Mrkdwn = string & { readonly markup: true };

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** The text as characters: `<!channel>` and links are written out. At most `limit` characters long, never with half an entity; a cut is marked with `…`. */
export function escaped(text: string, limit: number): Mrkdwn {
  const pieces = Array.from(text, (character) => ENTITIES[character] ?? character);
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (size <= limit) return pieces.join("") as Mrkdwn;
  let kept = "";
  for (const piece of pieces) {
    if (kept.length + piece.length > limit - 1) break;
    kept += piece;
  }
  return `${kept}…` as Mrkdwn;
}

/** A name in bold and its value below. */
export function bold(name: string, value: string, limit: number): Mrkdwn {
  const head = `*${escaped(name.replaceAll("*", "") || "(no name)", 300)}*\n`;
  return `${head}${escaped(value || "(empty)", limit - head.length)}` as Mrkdwn;
}

/** A link, or nothing where it would be longer than `limit`; the URL is canonical (`URL.href`), so of Slack's signs it can only hold `&` and `|`. */
export function link(url: string, label: string, limit: number): Mrkdwn | undefined {
  const markup = `<${escaped(url.replaceAll("|", "%7C"), Infinity)}|${escaped(label, Infinity)}>` as Mrkdwn;
  return markup.length <= limit ? markup : undefined;
}

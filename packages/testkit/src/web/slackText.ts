/** What Slack makes of a text in its markup, `mrkdwn`: what a reader sees, who is called, and where one can click. */
export interface SlackReading {
  shown: string;
  /** `channel`, `here`, `everyone`, or the id of a user or a group. */
  mentions: string[];
  links: string[];
}

/**
 * Reads `mrkdwn` as Slack's documentation describes it: `<!channel>`, `<@U1>`, `<#C1>` and `<url|label>` act, `&amp;` `&lt;` `&gt;` are
 * characters. Unless `verbatim`, bare `@channel` and web addresses act too.
 */
export function readMrkdwn(text: string, verbatim: boolean): SlackReading {
  const mentions: string[] = [];
  const links: string[] = [];
  let shown = "";
  let from = 0;
  for (const match of text.matchAll(/<([^<>]*)>/g)) {
    shown += bare(text.slice(from, match.index));
    from = match.index + match[0].length;
    const [target = "", label] = (match[1] ?? "").split("|");
    if (/^[!@#]/.test(target)) mentions.push(target.replace(/^[!@#]/, ""));
    else links.push(unescaped(target));
    shown += unescaped(label ?? target);
  }
  return { shown: shown + bare(text.slice(from)), mentions, links };

  function bare(piece: string): string {
    if (!verbatim) {
      mentions.push(...Array.from(piece.matchAll(/@(channel|here|everyone)\b/g), (match) => match[1] ?? ""));
      links.push(...Array.from(piece.matchAll(/\bhttps?:\/\/[^\s<>]+/g), (match) => match[0]));
    }
    return unescaped(piece);
  }
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

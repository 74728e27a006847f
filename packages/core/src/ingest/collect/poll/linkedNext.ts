/**
 * The query of the page that a `Link` header (RFC 8288) names as the next one.
 * @param origin where it has to be, and @param path: whoever answers does not get to send our token elsewhere
 * @returns `?after=…`; null when no next page is named, or one somewhere else
 */
export function linkedNext(header: string | undefined, origin: string, path: string): string | null {
  for (const [, address = "", parameters = ""] of (header ?? "").slice(0, 20_000).matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!/;\s*rel="?next"?\s*(?:[;,]|$)/.test(parameters) || !URL.canParse(address)) continue;
    const url = new URL(address);
    return url.origin === origin && url.pathname === path && url.search.length <= 4_000 ? url.search : null;
  }
  return null;
}

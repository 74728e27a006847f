import type { ReactNode } from "react";
import { Hostile } from "./Hostile.tsx";

/** A link to somewhere else when the text is an address of the web, else the text alone. */
export function WebLink({ url, title = url }: { url: string; title?: string }): ReactNode {
  if (!isWebAddress(url)) return <Hostile text={title} />;
  return (
    <a href={url} target="_blank" rel="noreferrer noopener">
      <Hostile text={title} />
    </a>
  );
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

import { useMemo, type ReactNode } from "react";
import { jsonPieces, visiblePieces } from "./pieces.ts";

/** What stands for a person where whoever looks may not see people. */
const PSEUDONYM = /^hidden-[0-9a-f]{20}$/;

/** A text from a log, on one line, apart from the direction of the text around it; hidden characters are set apart. */
export function Hostile({ text, limit = 300 }: { text: string; limit?: number }): ReactNode {
  if (text.trim() === "") return <span className="dim">(empty)</span>;
  if (PSEUDONYM.test(text)) return <span className="pseudonym" title="A pseudonym, in place of a person or an address. To see people, a role needs personal.read.">{text}</span>;
  return (
    <bdi>
      {visiblePieces(text.slice(0, limit)).map((piece, i) => (piece.mark ? <span key={i} className="hid">{piece.text}</span> : piece.text))}
      {text.length > limit && <span className="dim" title={`cut here, ${text.length} characters in all`}>…</span>}
    </bdi>
  );
}

/** Longer records are laid out only in part: a browser is slow with more. */
const MOST = 200_000;

/** A record as it came, laid out when it is JSON. */
export function Json({ text }: { text: string }): ReactNode {
  const pieces = useMemo(() => jsonPieces(text.slice(0, MOST)), [text]);
  return (
    <pre tabIndex={0} aria-label="Record">
      {pieces.map((piece, i) => (piece.mark ? <i key={i}>{written(piece.text)}</i> : <span key={i}>{written(piece.text)}</span>))}
      {text.length > MOST && `\n… cut here, ${text.length} characters in all`}
    </pre>
  );
}

function written(text: string): ReactNode {
  const pieces = visiblePieces(text, "\n\t");
  return pieces.length === 1 && pieces[0]?.mark === false ? text : pieces.map((piece, i) => (piece.mark ? <b key={i} className="hid">{piece.text}</b> : piece.text));
}

import type { ReactNode } from "react";

/** What is wrong with a query; the engine shows the place with a caret below the line, so spacing stays. */
export function QueryTrouble({ error }: { error: { message: string; hint?: string | undefined } }): ReactNode {
  const [first = "", ...place] = error.message.split("\n");
  return (
    <div className="panel trouble" role="alert">
      <h2>{first}</h2>
      {place.length > 0 && <pre tabIndex={0} aria-label="The place in the query">{place.join("\n").replace(/^\n+/, "")}</pre>}
      {error.hint !== undefined && <p className="dim">{error.hint}</p>}
    </div>
  );
}

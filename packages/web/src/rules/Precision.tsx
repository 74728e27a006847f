import type { ReactNode } from "react";

/** Below this, more than half of what a rule says is noise. */
const POOR = 0.5;

/** The share of a rule's closed findings that was no false positive. */
export function Precision({ share }: { share: number | null }): ReactNode {
  if (share === null) return <span className="dim" title="Nothing of this rule has been closed yet">not known</span>;
  return <span className={share < POOR ? "bad" : undefined}>{Math.round(share * 100)} %</span>;
}

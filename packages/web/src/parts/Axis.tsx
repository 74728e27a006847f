import type { ReactNode } from "react";
import { Moment } from "./When.tsx";

/** The ends of a stretch of time, below a drawing of it. */
export function Axis({ from, to }: { from: string | undefined; to: string | undefined }): ReactNode {
  if (from === undefined || to === undefined) return null;
  return (
    <p className="axis">
      <Moment time={from} />
      <span>UTC</span>
      <Moment time={to} />
    </p>
  );
}

import type { ReactNode } from "react";
import { countOf, momentText } from "./measures.ts";

type Hours = readonly (readonly [time: string, count: number])[];

/** A strip of bars, one a count, oldest first; the numbers stand in words for those who listen. */
export function Volume({ hours, className, what = "event" }: { hours: Hours; className: string; what?: string }): ReactNode {
  const peak = Math.max(1, ...hours.map(([, count]) => count));
  const total = hours.reduce((sum, [, count]) => sum + count, 0);
  return (
    <svg className={className} viewBox={`0 0 ${Math.max(1, hours.length)} 100`} preserveAspectRatio="none" role="img" aria-label={`${countOf(total, what)}, at most ${countOf(peak, what)} in one bar`}>
      {hours.map(([time, count], i) => {
        const height = count === 0 ? 0 : Math.max(3, (count / peak) * 100);
        return (
          <g key={time}>
            <title>{`${momentText(time, Date.now())} UTC: ${countOf(count, what)}`}</title>
            <rect className="hit" x={i} y={0} width={1} height={100} fill="transparent" />
            <rect className="bar" x={i + 0.08} y={100 - height} width={0.84} height={height} />
          </g>
        );
      })}
    </svg>
  );
}

import { useMemo, type ReactNode } from "react";
import { Axis } from "../parts/Axis.tsx";
import { Panel } from "../parts/Page.tsx";
import { Volume } from "../parts/Volume.tsx";
import { timeBuckets } from "./charts.ts";
import type { Spread } from "./useSpread.ts";

const MOST_BARS = 90;

/** How the rows lie in time, and of which rows that is said. */
export function TimeStrip({ spread: { times, about } }: { spread: Spread }): ReactNode {
  const hours = useMemo(() => timeBuckets(times, MOST_BARS), [times]);
  return (
    <Panel title="Rows in time" side={<span className="small dim">{about}</span>}>
      <Volume hours={hours} className="hours" what="row" />
      <Axis from={hours[0]?.[0]} to={hours.at(-1)?.[0]} />
    </Panel>
  );
}

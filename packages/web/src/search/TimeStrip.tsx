import { useMemo, type ReactNode } from "react";
import { Axis } from "../parts/Axis.tsx";
import { Panel } from "../parts/Page.tsx";
import { Volume } from "../parts/Volume.tsx";
import { timeBuckets } from "./charts.ts";

const MOST_BARS = 90;

/** How the rows lie in time. */
export function TimeStrip({ times }: { times: number[] }): ReactNode {
  const hours = useMemo(() => timeBuckets(times, MOST_BARS), [times]);
  return (
    <Panel title="Rows in time">
      <Volume hours={hours} className="hours" what="row" />
      <Axis from={hours[0]?.[0]} to={hours.at(-1)?.[0]} />
    </Panel>
  );
}

import { useMemo, type ReactNode } from "react";
import { Panel } from "../parts/Page.tsx";
import { Volume } from "../parts/Volume.tsx";
import { Moment } from "../parts/When.tsx";
import { timeBuckets } from "./charts.ts";

const MOST_BARS = 90;

/** How the rows lie in time. */
export function TimeStrip({ times }: { times: number[] }): ReactNode {
  const hours = useMemo(() => timeBuckets(times, MOST_BARS), [times]);
  return (
    <Panel title="Rows in time">
      <Volume hours={hours} className="hours" what="row" />
      <p className="axis">
        <Moment time={hours[0]?.[0] ?? ""} />
        <Moment time={hours.at(-1)?.[0] ?? ""} />
      </p>
    </Panel>
  );
}

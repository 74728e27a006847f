import type { ReactNode } from "react";
import { Axis } from "../parts/Axis.tsx";
import { countText, momentText } from "../parts/measures.ts";
import type { Chart } from "./charts.ts";

const WIDTH = 1000;
const HEIGHT = 260;

/** An answer, drawn. */
export function ChartView({ chart }: { chart: Chart }): ReactNode {
  return <figure className="panel">{chart.kind === "line" ? <Line chart={chart} /> : <Bars chart={chart} />}</figure>;
}

function Line({ chart: { points, x, y } }: { chart: Extract<Chart, { kind: "line" }> }): ReactNode {
  const first = points[0]?.[0] ?? 0;
  const span = Math.max(1, (points.at(-1)?.[0] ?? 0) - first);
  const top = points.reduce((most, [, value]) => Math.max(most, value), 0);
  const bottom = points.reduce((least, [, value]) => Math.min(least, value), 0);
  const range = top - bottom || 1;
  const at = ([time, value]: [number, number]): [number, number] => [((time - first) / span) * WIDTH, HEIGHT - ((value - bottom) / range) * HEIGHT];
  const path = points.map((point, i) => `${i === 0 ? "M" : "L"}${at(point).map((n) => n.toFixed(1)).join(" ")}`).join("");
  const half = WIDTH / points.length / 2;
  return (
    <>
      <p className="spread small dim">
        <span>
          {y} by {x}
        </span>
        <span>at most {countText(top)}</span>
      </p>
      <svg className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} height={HEIGHT} preserveAspectRatio="none" role="img" aria-label={`${y} by ${x}: ${points.length} points, at most ${countText(top)}`}>
        <path className="path" d={path} />
        {points.map((point, i) => (
          <g key={i}>
            <title>{`${momentText(new Date(point[0]).toISOString(), Date.now())} UTC: ${countText(point[1])}`}</title>
            <rect className="hit" x={at(point)[0] - half} y={0} width={half * 2} height={HEIGHT} />
          </g>
        ))}
      </svg>
      <figcaption>
        <Axis from={new Date(first).toISOString()} to={new Date(first + span).toISOString()} />
      </figcaption>
    </>
  );
}

function Bars({ chart: { bars, x, y } }: { chart: Extract<Chart, { kind: "bars" }> }): ReactNode {
  const top = bars.reduce((most, [, value]) => Math.max(most, Math.abs(value)), 0) || 1;
  return (
    <>
      <figcaption className="small dim">
        {y} by {x}
      </figcaption>
      <ol className="bars-list">
        {bars.map(([label, value], i) => (
          <li key={i}>
            <span>
              <bdi>{label === "" ? "(empty)" : label}</bdi>
            </span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect className="track" width={100} height={10} />
              <rect className="fill" width={(Math.abs(value) / top) * 100} height={10} />
            </svg>
            <span>{countText(value)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

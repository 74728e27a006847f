import { useEffect, useState, type ReactNode } from "react";
import { agoText, exactText, momentText } from "./measures.ts";

const TICK_MS = 30_000;

/** The time now, in milliseconds; renders again every half minute. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How long ago something was; the exact time in UTC stands in the tooltip. */
export function Ago({ time, none = "never" }: { time: string | null; none?: string }): ReactNode {
  const now = useNow();
  if (time === null) return <span className="dim">{none}</span>;
  return (
    <time dateTime={time} title={exactText(time)} className="nowrap">
      {agoText(time, now)}
    </time>
  );
}

/** A time in UTC, to the minute. */
export function Moment({ time }: { time: string }): ReactNode {
  return (
    <time dateTime={time} title={exactText(time)} className="nowrap">
      {momentText(time, Date.now())}
    </time>
  );
}

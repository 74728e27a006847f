import { api } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { call } from "../app/connection.ts";
import { countOf } from "../parts/measures.ts";
import { Empty, Loaded } from "../parts/States.tsx";
import { FirstSteps } from "../sources/FirstSteps.tsx";

/** Nothing needs a decision: what was looked at, so that the silence can be trusted; on a new installation, how to begin. */
export function Quiet({ active }: { active: number }): ReactNode {
  const sources = useQuery({ queryKey: ["sources"], queryFn: () => call(api.events.sources) });
  const rules = useQuery({ queryKey: ["rules"], queryFn: () => call(api.rules.list) });
  return (
    <Loaded query={sources} rows={3}>
      {({ items }) => {
        const events = items.reduce((sum, source) => sum + source.events24h, 0);
        if (items.every((source) => source.events === 0)) return <FirstSteps />;
        return (
          <Empty title="Nothing needs you">
            <p>
              In the last 24 hours {countOf(rules.data?.items.length ?? 0, "rule")} looked at {countOf(events, "event")} from {countOf(items.length, "source")}.
            </p>
            <p>
              {active > 0 && <Link to="/findings">{countOf(active, "finding")} in other hands</Link>}
              {active > 0 && " · "}
              <Link to="/sources">How the sources do</Link>
            </p>
          </Empty>
        );
      }}
    </Loaded>
  );
}

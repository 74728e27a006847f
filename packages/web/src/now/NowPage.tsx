import { api, type FindingFilter, type ResponseOf } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, useSyncExternalStore, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { arrivalsSince, currentArrivals, onArrivals } from "../findings/arrivals.ts";
import { isActive, NO_FILTER } from "../findings/filter.ts";
import { FocusedActions } from "../findings/FocusedActions.tsx";
import { useKeys } from "../keys/useKeys.ts";
import { Button } from "../parts/Button.tsx";
import { countOf, countText } from "../parts/measures.ts";
import { PageHead } from "../parts/Page.tsx";
import { Loaded } from "../parts/States.tsx";
import { Items } from "./Items.tsx";
import { Quiet } from "./Quiet.tsx";

type Now = ResponseOf<typeof api.findings.now>;

/** What needs a decision today, the first thing first. */
export function NowPage(): ReactNode {
  const now = useQuery({ queryKey: ["now"], queryFn: () => call(api.findings.now) });
  const [since, setSince] = useState(() => Date.now());
  const arrivals = useSyncExternalStore(onArrivals, currentArrivals);
  const listed = now.data?.items.flatMap(({ finding, together }) => [finding, ...together]) ?? [];
  const shown = new Set(listed.map(({ id }) => id));
  const fresh = arrivalsSince(arrivals, since).filter((finding) => !shown.has(finding.id) && isActive(finding) && !finding.suppressed).length;
  const showNew = (): void => {
    setSince(Date.now());
    void now.refetch();
  };
  useKeys({ n: showNew });
  return (
    <>
      <PageHead title="Now" about="What needs a decision today, the first thing first. What belongs together stands together." />
      {fresh > 0 && (
        <div className="pill" role="status">
          <Button look="main" keys="n" onClick={showNew}>
            {countOf(fresh, "new finding")}
          </Button>
        </div>
      )}
      <Tally counts={now.data?.counts ?? null} />
      <Loaded query={now} rows={7} height={86}>
        {(data) => (data.items.length === 0 ? <Quiet active={data.counts.active} /> : <Items items={data.items} />)}
      </Loaded>
      <FocusedActions findings={listed} />
    </>
  );
}

const TALLY: [keyof Now["counts"], string, FindingFilter, boolean][] = [
  ["active", "active", NO_FILTER, false],
  ["mine", "mine", { ...NO_FILTER, owner: "me" }, false],
  ["unowned", "no owner", { ...NO_FILTER, owner: "none" }, true],
  ["overdue", "overdue", { ...NO_FILTER, due: "overdue" }, true],
];

/** The counts, each a way to its list; their place is held while they load. */
function Tally({ counts }: { counts: Now["counts"] | null }): ReactNode {
  return (
    <ul className="tally">
      {TALLY.map(([name, text, search, warm]) => (
        <li key={name}>
          <Link to="/findings" search={search}>
            <span className={(counts?.[name] ?? 0) === 0 ? "count none" : warm ? "count warm" : "count"}>
              <b>{counts === null ? "–" : countText(counts[name])}</b>
              {text}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

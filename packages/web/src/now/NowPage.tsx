import { api, type FindingFilter, type ResponseOf } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, useSyncExternalStore, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { arrivalsSince, currentArrivals, onArrivals } from "../findings/arrivals.ts";
import { isActive, NO_FILTER } from "../findings/filter.ts";
import { stateName } from "../findings/names.ts";
import { useKeys } from "../keys/useKeys.ts";
import { Button } from "../parts/Button.tsx";
import { Hostile } from "../parts/Hostile.tsx";
import { LevelMark } from "../parts/LevelMark.tsx";
import { countOf, countText, dueText } from "../parts/measures.ts";
import { PageHead } from "../parts/Page.tsx";
import { Loaded } from "../parts/States.tsx";
import { Ago, useNow } from "../parts/When.tsx";
import { Quiet } from "./Quiet.tsx";

type Now = ResponseOf<typeof api.findings.now>;

/** What needs a decision today, the first thing first. */
export function NowPage(): ReactNode {
  const now = useQuery({ queryKey: ["now"], queryFn: () => call(api.findings.now) });
  const [since, setSince] = useState(() => Date.now());
  const arrivals = useSyncExternalStore(onArrivals, currentArrivals);
  const shown = new Set(now.data?.items.map(({ finding }) => finding.id));
  const fresh = arrivalsSince(arrivals, since).filter((finding) => !shown.has(finding.id) && isActive(finding) && !finding.suppressed).length;
  const showNew = (): void => {
    setSince(Date.now());
    void now.refetch();
  };
  useKeys({ n: showNew });
  return (
    <>
      <PageHead title="Now" about="What needs a decision today. The order is the answer." />
      {fresh > 0 && (
        <div className="pill" role="status">
          <Button look="main" keys="n" onClick={showNew}>
            {countOf(fresh, "new finding")}
          </Button>
        </div>
      )}
      <Loaded query={now} rows={7} height={86}>
        {(data) => (
          <>
            <Tally counts={data.counts} />
            {data.items.length === 0 ? <Quiet active={data.counts.active} /> : <Items items={data.items} />}
          </>
        )}
      </Loaded>
    </>
  );
}

function Tally({ counts }: { counts: Now["counts"] }): ReactNode {
  // What is overdue is no filter of the list: it is told, and leads nowhere.
  const shown: [keyof Now["counts"], string, FindingFilter | null, boolean][] = [
    ["active", "active", NO_FILTER, false],
    ["mine", "mine", { ...NO_FILTER, owner: "me" }, false],
    ["unowned", "no owner", { ...NO_FILTER, owner: "none" }, true],
    ["overdue", "overdue", null, true],
  ];
  return (
    <ul className="tally">
      {shown.map(([name, text, search, warm]) => (
        <li key={name}>
          {search === null ? <Count n={counts[name]} text={text} warm={warm} /> : <Link to="/findings" search={search}><Count n={counts[name]} text={text} warm={warm} /></Link>}
        </li>
      ))}
    </ul>
  );
}

function Count({ n, text, warm }: { n: number; text: string; warm: boolean }): ReactNode {
  return (
    <span className={n === 0 ? "count none" : warm ? "count warm" : "count"}>
      <b>{countText(n)}</b>
      {text}
    </span>
  );
}

function Items({ items }: { items: Now["items"] }): ReactNode {
  const now = useNow();
  return (
    <ol className="now">
      {items.map(({ finding, why }) => (
        <li key={finding.id} className={finding.level} data-finding={finding.id}>
          <LevelMark level={finding.level} />
          <Link to="/findings/$id" params={{ id: finding.id }} data-open>
            <Hostile text={finding.title} />
          </Link>
          <span className="times">
            <Ago time={finding.lastSeen} />
          </span>
          <p className="why">
            {why} {finding.news.map((news) => <span key={news} className="tag news">{news}</span>)}
          </p>
          <p className="about">
            {finding.priority.toUpperCase()} · <Hostile text={finding.entity.name} limit={80} /> · {finding.team ?? "no team"} · {finding.owner?.name ?? "no owner"} · {stateName(finding.state)}
            {finding.dueAt !== null && ` · ${dueText(finding.dueAt, now)}`}
          </p>
        </li>
      ))}
    </ol>
  );
}

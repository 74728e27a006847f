import { api, type FindingFilter } from "@corduroy/contract";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useSession } from "../app/session.ts";
import { useKeys } from "../keys/useKeys.ts";
import { Button } from "../parts/Button.tsx";
import { countOf } from "../parts/measures.ts";
import { PageHead } from "../parts/Page.tsx";
import { Bones, Empty, Trouble } from "../parts/States.tsx";
import { useNow } from "../parts/When.tsx";
import { currentArrivals, onArrivals } from "./arrivals.ts";
import { filterToUrl, letsThrough, NO_FILTER, sameFilter } from "./filter.ts";
import { Filters } from "./Filters.tsx";
import { FindingTable } from "./FindingTable.tsx";
import { Views } from "./Views.tsx";

const PAGE = 100;

/** All findings, filtered by what the address says. */
export function FindingsPage(): ReactNode {
  const filter = useSearch({ from: "/app/findings" });
  const navigate = useNavigate();
  const setFilter = (next: FindingFilter): void => void navigate({ to: "/findings", search: filterToUrl(next), replace: true });
  const list = useFindings(filter);
  const items = list.query.data?.pages.flatMap((page) => page.items) ?? [];
  useKeys({ n: list.showNew });
  return (
    <>
      <PageHead title="Findings" about="The most urgent first.">
        <Link to="/suppressions" className="button">
          Suppressions
        </Link>
      </PageHead>
      <Views filter={filter} onChoose={setFilter} />
      <Filters filter={filter} known={{ rule: items[0]?.rule.title, entity: items[0]?.entity.name }} onChange={setFilter} />
      {list.fresh > 0 && (
        <div className="pill" role="status">
          <Button look="main" keys="n" onClick={list.showNew}>
            {countOf(list.fresh, "new finding")}
          </Button>
        </div>
      )}
      {list.query.isPending ? <Bones rows={12} height={46} /> : list.query.isError && items.length === 0 ? <Trouble error={list.query.error} again={() => void list.query.refetch()} /> : items.length === 0 ? <NothingFound filter={filter} onReset={() => setFilter(NO_FILTER)} /> : <FindingTable findings={items} filter={filter} />}
      {list.query.hasNextPage && (
        <div className="more">
          <Button busy={list.query.isFetchingNextPage} onClick={() => void list.query.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

/** The list, and how many findings arrived since it was loaded that it would show too. */
function useFindings(filter: FindingFilter) {
  const me = useSession()?.user.id ?? "";
  const now = useNow();
  const queries = useQueryClient();
  const [since, setSince] = useState(() => Date.now());
  const query = useInfiniteQuery({
    queryKey: ["findings", filter],
    queryFn: ({ pageParam }) => call(api.findings.list, { query: { ...filter, limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  useEffect(() => setSince(Date.now()), [filter]);
  const shown = new Set(query.data?.pages.flatMap((page) => page.items.map(({ id }) => id)));
  const arrivals = useSyncExternalStore(onArrivals, currentArrivals);
  const fresh = arrivals.filter(({ finding, at }) => at >= since && !shown.has(finding.id) && letsThrough(filter, finding, me, now)).length;
  const showNew = (): void => {
    setSince(Date.now());
    void query.refetch();
    void queries.invalidateQueries({ queryKey: ["finding-counts"] });
    window.scrollTo({ top: 0 });
  };
  return { query, fresh, showNew };
}

function NothingFound({ filter, onReset }: { filter: FindingFilter; onReset: () => void }): ReactNode {
  if (sameFilter(filter, NO_FILTER)) {
    return (
      <Empty title="Nothing is open">
        <p>Every finding has been closed or accepted, or none has come up yet.</p>
        <p>
          <Link to="/findings" search={{ ...NO_FILTER, state: "all" }}>
            Show closed ones too
          </Link>{" "}
          or see <Link to="/sources">which sources send events</Link>.
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No finding fits this filter">
      <p>
        <Button onClick={onReset}>Show all active findings</Button>
      </p>
    </Empty>
  );
}

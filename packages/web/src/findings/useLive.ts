import { api, FindingSummary, type FindingDetail } from "@corduroy/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { sessionQuery } from "../app/session.ts";
import { arrive } from "./arrivals.ts";
import { isNewer, showEverywhere } from "./cache.ts";
import { follow } from "./stream.ts";

/** What live events keep up to date, and a break in them makes stale. */
const FOLLOWED = [["now"], ["findings"], ["finding"], ["finding-counts"]];

/**
 * Follows the service's live events while the page is open: rows change in place, new ones are counted until the person asks for them.
 * After a break everything that is shown is loaded anew: what happened meanwhile is told nobody again.
 * @returns whether the connection stands; it is tried again by itself
 */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    const stale = (keys: readonly (readonly string[])[]): void => {
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
    };
    return follow(() => new EventSource(api.findings.live.path), {
      onOpen: (missed) => {
        setConnected(true);
        if (missed) stale(FOLLOWED);
      },
      onLost: (refused) => {
        setConnected(false);
        if (refused) stale([sessionQuery.queryKey]);
      },
      onFinding: (data) => {
        const parsed = FindingSummary.safeParse(parsedJson(data));
        if (!parsed.success) return;
        const finding = parsed.data;
        showEverywhere(queries, finding);
        arrive(finding, Date.now());
        const open = queries.getQueryData<FindingDetail>(["finding", finding.id]);
        if (open !== undefined && isNewer(finding, open)) stale([["finding", finding.id]]);
      },
    });
  }, [queries]);
  return connected;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

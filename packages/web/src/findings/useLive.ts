import { api, FindingSummary, type FindingDetail } from "@corduroy/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { sessionQuery } from "../app/session.ts";
import { arrive } from "./arrivals.ts";
import { isNewer, showEverywhere } from "./cache.ts";

/**
 * Follows the service's live events while the page is open: rows change in place, new ones are counted until the person asks for them.
 * @returns whether the connection stands; the browser tries again by itself
 */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    const source = new EventSource(api.findings.live.path);
    source.addEventListener("open", () => setConnected(true));
    source.addEventListener("error", () => {
      setConnected(false);
      // The browser gives up only on an answer that is no stream: the session may have ended.
      if (source.readyState === EventSource.CLOSED) void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    });
    source.addEventListener("finding", ({ data }: MessageEvent<string>) => {
      const parsed = FindingSummary.safeParse(parsedJson(data));
      if (!parsed.success) return;
      const finding = parsed.data;
      showEverywhere(queries, finding);
      arrive(finding, Date.now());
      const open = queries.getQueryData<FindingDetail>(["finding", finding.id]);
      if (open !== undefined && isNewer(finding, open)) void queries.invalidateQueries({ queryKey: ["finding", finding.id] });
    });
    return () => source.close();
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

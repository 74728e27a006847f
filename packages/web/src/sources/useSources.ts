import { api, type ResponseOf } from "@corduroy/contract";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { call } from "../app/connection.ts";

type Sources = ResponseOf<typeof api.events.sources>;

const NOW_AND_THEN_MS = 30_000;
/** Whoever has just added a collector waits for its first word. */
const SOON_MS = 2_000;

/** All sources, asked for again while the page is looked at. */
export function useSources(): UseQueryResult<Sources> {
  return useQuery({ queryKey: ["sources"], queryFn: () => call(api.events.sources), refetchInterval: ({ state }) => (isAwaited(state.data) ? SOON_MS : NOW_AND_THEN_MS) });
}

function isAwaited(sources: Sources | undefined): boolean {
  return sources?.items.some(({ collectors }) => collectors.some(({ lastSuccessAt, problem, paused }) => lastSuccessAt === null && problem === null && !paused)) ?? false;
}

import { useInfiniteQuery, type QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "./Button.tsx";
import { Bones, Trouble } from "./States.tsx";

interface Props<T> {
  queryKey: QueryKey;
  /** Asks for the page after this place; for the first without one. */
  ask: (place: { cursor?: string }) => Promise<{ items: T[]; next: string | null }>;
  rows: number;
  children: (items: T[]) => ReactNode;
}

/** A list that comes a page at a time: the bones of it while it loads, what went wrong, what is there, and the way to more. */
export function Paged<T>({ queryKey, ask, rows, children }: Props<T>): ReactNode {
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask(pageParam === undefined ? {} : { cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  if (list.data === undefined) return list.error === null ? <Bones rows={rows} /> : <Trouble error={list.error} again={() => void list.refetch()} />;
  return (
    <>
      {children(list.data.pages.flatMap(({ items }) => items))}
      {list.hasNextPage && <div className="more"><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show more</Button></div>}
    </>
  );
}

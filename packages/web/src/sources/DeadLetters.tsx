import { api } from "@corduroy/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { Hostile, Json } from "../parts/Hostile.tsx";
import { countOf } from "../parts/measures.ts";
import { Panel } from "../parts/Page.tsx";
import { Bones, Trouble } from "../parts/States.tsx";
import { Ago } from "../parts/When.tsx";

/** Records that could not be read: the reason, the place, the bytes; and reading them again. @param dead how many there should be: what can be done with them has its place at once */
export function DeadLetters({ source, dead }: { source: string; dead: number }): ReactNode {
  const letters = useInfiniteQuery({
    queryKey: ["dead-letters", source],
    queryFn: ({ pageParam }) => call(api.events.deadLetters, { query: { source, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const replay = useVerb(() => call(api.events.replay, { body: { ids: [...chosen] } }), {
    done: "They are being read again.",
    refresh: [["dead-letters", source], ["sources"]],
    onDone: () => setChosen(new Set()),
  });
  const items = letters.data?.pages.flatMap((page) => page.items) ?? [];
  const toggle = (id: string): void => setChosen(chosen.has(id) ? new Set([...chosen].filter((each) => each !== id)) : new Set([...chosen, id]));
  const left = items.filter(({ replayedAt }) => replayedAt === null);
  const all = left.length > 0 && chosen.size === left.length;
  return (
    <Panel title="Dead letters" side={(letters.data === undefined ? dead > 0 : items.length > 0) && (
      <span className="row">
        <Button look="quiet" why={letters.data === undefined ? "They are still being loaded." : null} onClick={() => setChosen(new Set(all ? [] : left.map(({ id }) => id)))}>{all ? "Choose none" : "Choose all"}</Button>
        <Button needs="deadLetters.replay" busy={replay.isPending} why={chosen.size === 0 ? "Choose the records to read again." : null} onClick={() => replay.mutate()}>
          {chosen.size === 0 ? "Read again" : `Read ${countOf(chosen.size, "record")} again`}
        </Button>
      </span>
    )}>
      {letters.isPending && <Bones rows={Math.min(3, Math.max(1, dead))} />}
      {letters.isError && <Trouble error={letters.error} again={() => void letters.refetch()} />}
      {letters.data !== undefined && items.length === 0 && <p className="dim">Every record of this source could be read.</p>}
      {items.map((letter) => (
        <div key={letter.id} className="dead dead-row">
          <input type="checkbox" aria-label={`Choose ${letter.file}, record ${letter.line}`} disabled={letter.replayedAt !== null} title={letter.replayedAt === null ? undefined : "It was read again. If that failed, it is a letter of its own."} checked={chosen.has(letter.id)} onChange={() => toggle(letter.id)} />
          <details>
            <summary>
              <Hostile text={letter.reason} /> <span className="dim small"><Hostile text={`${letter.file}:${letter.line}`} />, <Ago time={letter.at} /></span>{letter.replayedAt !== null && <span className="tag">read again <Ago time={letter.replayedAt} /></span>}
            </summary>
            <Json text={letter.raw} />
          </details>
        </div>
      ))}
      {letters.hasNextPage && <Button busy={letters.isFetchingNextPage} onClick={() => void letters.fetchNextPage()}>Show more</Button>}
    </Panel>
  );
}

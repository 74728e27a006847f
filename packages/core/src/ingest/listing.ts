import { listInputs, type ObjectRef, type Skipped, type Unreadable } from "./inputs/index.ts";

/** Objects listed ahead of the workers: enough to know how much there is in most runs. */
const AHEAD = 100_000;

/** Who is told of what the listing meets. */
export interface ListingNews {
  object(ref: ObjectRef): void;
  skipped(skipped: Skipped): void;
  unreadable(unreadable: Unreadable): void;
  /** Everything was listed. */
  complete(): void;
}

/** Lists inputs ahead of whoever takes them, so that progress knows how much there is. Throws what `listInputs` throws, behind the last object. */
export async function* listAhead(inputs: readonly string[], since: Date | undefined, news: ListingNews): AsyncGenerator<ObjectRef> {
  const found: ObjectRef[] = [];
  // Called when something was found, and when there is room for more.
  const signal = { found: (): void => undefined, room: (): void => undefined };
  const state: { complete: boolean; failure: unknown } = { complete: false, failure: null };
  const listing = (async () => {
    for await (const item of listInputs(inputs, { since })) {
      if ("kind" in item) {
        news.object(item);
        found.push(item);
        signal.found();
        if (found.length >= AHEAD) await new Promise<void>((resolve) => (signal.room = resolve));
      } else if ("skipped" in item) news.skipped(item);
      else news.unreadable(item);
    }
  })()
    .catch((error: unknown) => (state.failure = error))
    .finally(() => {
      state.complete = true;
      news.complete();
      signal.found();
    });
  let at = 0;
  for (;;) {
    if (at < found.length) {
      yield found[at++]!;
      if (at >= 1000) {
        found.splice(0, at);
        at = 0;
        signal.room();
      }
    } else if (state.complete) break;
    else await new Promise<void>((resolve) => (signal.found = resolve));
  }
  await listing;
  if (state.failure) throw state.failure;
}

/** What is done with what a stream of events brings. */
export interface Hearing {
  /** @param missed whether something may have been missed since the last time */
  onOpen: (missed: boolean) => void;
  /** @param refused the service gave an answer that is no stream: the session may have ended */
  onLost: (refused: boolean) => void;
  onFinding: (data: string) => void;
}

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Follows a stream for as long as it is wanted. A connection that breaks the browser makes anew by itself; after an answer that is no stream (a proxy's 502 while
 * the service starts again, our 503 for too many followers) it gives up for good, so that here another stream is opened, after pauses that grow up to a minute.
 * @param open makes a stream that tries to connect at once
 * @returns stops following
 */
export function follow(open: () => EventSource, { onOpen, onLost, onFinding }: Hearing): () => void {
  let missed = false;
  let pause = FIRST_PAUSE_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource;
  const connect = (): void => {
    const stream = (source = open());
    stream.addEventListener("open", () => {
      onOpen(missed);
      missed = false;
      pause = FIRST_PAUSE_MS;
    });
    stream.addEventListener("error", () => {
      missed = true;
      const refused = stream.readyState === stream.CLOSED;
      onLost(refused);
      if (!refused) return;
      timer = setTimeout(connect, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    });
    stream.addEventListener("finding", ({ data }: MessageEvent<string>) => onFinding(data));
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** The work's outcome, or null as soon as it is to stop: what is being read is left to whoever ends the workers, and an answer that is slow to come to nobody. */
export async function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null;
  const done = new AbortController();
  const stopping = new Promise<null>((resolve) => {
    // Listeners of work that has ended would gather on a signal that lives as long as the service.
    signal.addEventListener("abort", () => resolve(null), { once: true, signal: done.signal });
  });
  return Promise.race([work, stopping]).finally(() => done.abort());
}

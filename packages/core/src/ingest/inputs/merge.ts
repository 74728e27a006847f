/**
 * Runs jobs `width` at a time and gives what they yield as it comes. A job may add jobs. Each has one item under way, so
 * that a slow reader slows the jobs down. Leaving early closes every job.
 */
export async function* merge<Job, Item>(
  width: number,
  first: Job,
  run: (job: Job, add: (job: Job) => void) => AsyncGenerator<Item>,
): AsyncGenerator<Item> {
  const waiting: Job[] = [first];
  const running = new Map<AsyncGenerator<Item>, Promise<{ job: AsyncGenerator<Item>; step: IteratorResult<Item, unknown> }>>();
  const advance = (job: AsyncGenerator<Item>): void => {
    running.set(job, job.next().then((step) => ({ job, step })));
  };
  try {
    while (waiting.length > 0 || running.size > 0) {
      // The newest first: depth before breadth keeps the list of waiting jobs short.
      while (running.size < width) {
        const next = waiting.pop();
        if (next === undefined) break;
        advance(run(next, (job) => waiting.push(job)));
      }
      const { job, step } = await Promise.race(running.values());
      if (step.done === true) {
        running.delete(job);
      } else {
        advance(job);
        yield step.value;
      }
    }
  } finally {
    await Promise.allSettled([...running.keys()].map((job) => job.return(undefined)));
  }
}

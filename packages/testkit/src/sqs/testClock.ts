/** A clock that moves only when a test says so. `now` can be given to anything that asks for the time. */
export interface TestClock {
  now: () => Date;
  /** Moves the clock and wakes whatever waits for it. */
  advance: (seconds: number) => void;
  /** Called after each move. */
  onAdvance: (listener: () => void) => void;
}

export function testClock(start: Date): TestClock {
  let time = start.getTime();
  const listeners: (() => void)[] = [];
  return {
    now: () => new Date(time),
    advance: (seconds) => {
      time += seconds * 1000;
      for (const listener of listeners) listener();
    },
    onAdvance: (listener) => void listeners.push(listener),
  };
}

/** What became of what a listener got, since it was opened. */
export interface ListenerCounts {
  /** Messages that are kept. */
  received: number;
  /** Of these, such as are dead letters, by reason. */
  unreadable: Record<string, number>;
  /** Messages that are lost, by reason. */
  dropped: Record<string, number>;
  /** Connections that are open. */
  connections: number;
  /** Connections that were not taken, or were ended by the listener, by reason. */
  refused: Record<string, number>;
}

export const newCounts = (): ListenerCounts => ({ received: 0, unreadable: {}, dropped: {}, connections: 0, refused: {} });

/** Counts something under its reason. */
export function count(reasons: Record<string, number>, reason: string, more = 1): void {
  reasons[reason] = (reasons[reason] ?? 0) + more;
}

/** A listener that is open. */
export interface Listening {
  port: number;
  /** Takes nothing more; resolves when what came is kept. */
  close(): Promise<void>;
}

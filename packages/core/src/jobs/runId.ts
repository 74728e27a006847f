import { createHash } from "node:crypto";

/** A UUID for one run: the same in all processes. */
export function runId(queue: string, time: Date): string {
  const second = Math.round(time.getTime() / 1000);
  const hex = createHash("sha256").update(`${queue} ${second}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

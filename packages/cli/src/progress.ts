import cliProgress from "cli-progress";
import { bytesText, countText, durationText } from "@corduroy/core/reports";
import type { Progress } from "@corduroy/core/ingest";

export interface ProgressView {
  update(progress: Progress): void;
  stop(): void;
}

/** A bar with bytes, rate and time left on a terminal; null when the output is not one. */
export function progressBar(stream: NodeJS.WriteStream): ProgressView | null {
  if (!stream.isTTY || process.env["TERM"] === "dumb") return null;
  const began = Date.now();
  const bar = new cliProgress.SingleBar({
    stream, clearOnComplete: true, hideCursor: true, fps: 5,
    format: (options, params, payload: { text: string }) => `${cliProgress.Format.BarFormat(params.progress, { ...options, barsize: barSize(payload.text, stream.columns) })} ${payload.text}`,
  });
  bar.start(1, 0, { text: "looking for logs" });
  return {
    update(progress) {
      bar.setTotal(Math.max(1, progress.bytes));
      bar.update(progress.doneBytes, { text: progressText(progress, (Date.now() - began) / 1000) });
    },
    stop: () => bar.stop(),
  };
}

/** Characters of the bar beside a text on a line of so many columns; the last one stays free. */
export function barSize(text: string, columns: number): number {
  return Math.min(24, Math.max(4, columns - text.length - 2));
}

/** What stands beside the bar: how much is done, how fast, and once all was found, how long the rest will take at that rate. */
export function progressText(progress: Progress, seconds: number): string {
  const share = progress.bytes > 0 ? progress.doneBytes / progress.bytes : 0;
  const left = progress.listed && share > 0.01 ? `, ${durationText(1000 * Math.round((seconds / share) * (1 - share)))} left` : "";
  const rate = bytesText(progress.doneBytes / Math.max(seconds, 0.1));
  return `${bytesText(progress.doneBytes)} of ${bytesText(progress.bytes)}${progress.listed ? "" : "+"}, ${countText(progress.events)} events, ${rate}/s${left}`;
}

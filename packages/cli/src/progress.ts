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
    stream, clearOnComplete: true, hideCursor: true, fps: 5, barsize: 24,
    format: (options, params, payload: { text: string }) => `${cliProgress.Format.BarFormat(params.progress, options)} ${payload.text}`,
  });
  bar.start(1, 0, { text: "looking for logs" });
  return {
    update(progress) {
      const seconds = (Date.now() - began) / 1000;
      const share = progress.bytes > 0 ? progress.doneBytes / progress.bytes : 0;
      const left = progress.listed && share > 0.01 ? `, ${durationText((seconds / share) * (1 - share))} left` : "";
      bar.setTotal(Math.max(1, progress.bytes));
      bar.update(progress.doneBytes, {
        text: `${bytesText(progress.doneBytes)} of ${bytesText(progress.bytes)}${progress.listed ? "" : "+"}, ${countText(progress.events)} events, ${bytesText(progress.doneBytes / Math.max(seconds, 0.1))}/s${left}`,
      });
    },
    stop: () => bar.stop(),
  };
}

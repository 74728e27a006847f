import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { authorize } from "@corduroy/core/identity";
import { findingLines, lineFor } from "@corduroy/core/findings";
import type { DbCtx } from "@corduroy/core/store";
import type { Call } from "./http/handler.ts";
import { summaries } from "./routes/views.ts";

interface Follower {
  ctx: DbCtx;
  stillIn: () => Promise<boolean>;
  response: ServerResponse;
}

/** Changes of one moment are told together. */
const GATHER_MS = 250;
/** Followers at once; more than a company of this size has. */
const MOST = 200;

/** Tells browsers of findings as they change (server-sent events). */
export class Live {
  private readonly followers = new Set<Follower>();
  private readonly waiting = new Set<string>();
  private gathering: NodeJS.Timeout | null = null;
  private readonly beat: NodeJS.Timeout;

  /** @param beatMs a line now and then keeps proxies from closing a quiet stream, and is the moment to ask whether its reader may still read */
  constructor(
    private readonly ctx: DbCtx,
    beatMs: number,
  ) {
    this.beat = setInterval(() => void this.check(), beatMs).unref();
  }

  /** Findings that are new, or not what they were. */
  changed(ids: readonly string[]): void {
    if (this.followers.size === 0) return;
    for (const id of ids) this.waiting.add(id);
    this.gathering ??= setTimeout(() => void this.tell(), GATHER_MS);
  }

  /** Keeps a request open as a stream. @throws Forbidden */
  async follow({ ctx, stillMay, stillSees, reply }: Pick<Call<never>, "ctx" | "stillMay" | "stillSees" | "reply">): Promise<undefined> {
    const all = { type: "Finding", id: "*" };
    await authorize(ctx, "findings.read", all);
    const response = reply.hijack().raw;
    if (this.followers.size >= MOST) {
      response.writeHead(503, { "Retry-After": "30" }).end();
      return undefined;
    }
    response.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" });
    response.write(": following\n\n");
    // Whose rights have changed follows anew, and sees what they may see now.
    const follower = { ctx, stillIn: async () => (await stillMay("findings.read", all)) && stillSees(all), response };
    this.followers.add(follower);
    response.on("close", () => this.followers.delete(follower));
    return undefined;
  }

  close(): void {
    clearInterval(this.beat);
    if (this.gathering) clearTimeout(this.gathering);
    for (const { response } of this.followers) response.end();
  }

  private async tell(): Promise<void> {
    this.gathering = null;
    const ids = [...this.waiting];
    this.waiting.clear();
    try {
      const lines = await findingLines(this.ctx.db, ids);
      const texts = new Map<string, string>();
      for (const { ctx, response } of this.followers) {
        const seen = lines.flatMap((line) => lineFor(ctx, line) ?? []);
        const key = JSON.stringify(seen);
        const text = texts.get(key) ?? (await summaries(this.ctx.db, seen)).map((line) => `event: finding\ndata: ${JSON.stringify(line)}\n\n`).join("");
        texts.set(key, text);
        // Who reads too slowly is let go, and loads the list anew when it comes back.
        if (!response.write(text) && response.writableLength > 1_000_000) response.destroy();
      }
    } catch {
      // A database that is away for a moment: whoever follows finds the changes with the next load.
    }
  }

  private async check(): Promise<void> {
    for (const follower of this.followers) {
      const stays = await follower.stillIn();
      if (stays) follower.response.write(": beat\n\n");
      else follower.response.end();
    }
  }
}

import { setTimeout as wait } from "node:timers/promises";
import type { Ledger } from "../service/ledger.ts";
import type { Random } from "../service/random.ts";
import type { Bodies, Body } from "./bodies.ts";

const SENDERS = 4;
const ANSWER_MS = 20_000;

/** How a request ended, for its sender. */
type Answer = "kept" | "unclear";

/**
 * Senders as they should be: each sends a body, and again until its answer is clear, where it has an identity; what got a 2xx is
 * acknowledged. Now and then one sends what was kept already once more, or the same twice at once.
 */
export class Senders {
  private stopping = false;
  private pausing = false;
  private working = SENDERS;
  private readonly loops: Promise<void>[];
  /** How often an answer was not clear. */
  unclear = 0;

  constructor(
    private readonly options: { origin: string; token: string; ledger: Ledger; bodies: Bodies; random: Random },
  ) {
    this.loops = Array.from({ length: SENDERS }, () => this.loop());
    // Whoever stops them is told of a failure; until then it waits.
    for (const loop of this.loops) loop.catch(() => undefined);
  }

  /** Lets each sender end the body it is at, and waits for that. The service must be up. */
  async pause(): Promise<void> {
    this.pausing = true;
    while (this.working > 0) await Promise.race([wait(10), ...this.loops]);
  }

  resume(): void {
    this.pausing = false;
  }

  /** Ends them; what was unclear stays so. @throws Error of a sender that was refused for good */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.loops);
  }

  private async loop(): Promise<void> {
    const { bodies, random } = this.options;
    const earlier: Body[] = [];
    while (!this.stopping) {
      if (this.pausing) {
        this.working--;
        while (this.pausing && !this.stopping) await wait(10);
        this.working++;
        continue;
      }
      const body = bodies.next();
      const repeatable = body.identity !== "none";
      const [kept] = await Promise.all([this.untilKept(body), ...(repeatable && random.chance(0.1) ? [this.untilKept(body)] : [])]);
      if (kept && repeatable) earlier.push(body);
      if (earlier.length > 0 && random.chance(0.15)) await this.untilKept(random.pick(earlier));
      if (earlier.length > 20) earlier.shift();
      await wait(random.between(0, 100));
    }
  }

  private async untilKept(body: Body): Promise<boolean> {
    for (let pause = 20; ; pause = Math.min(500, pause * 2)) {
      if ((await this.send(body)) === "kept") {
        this.options.ledger.acknowledge(body.numbers);
        return true;
      }
      this.unclear++;
      if (body.identity === "none" || this.stopping) return false;
      await wait(pause);
    }
  }

  private async send({ path, headers, bytes }: Body): Promise<Answer> {
    const { origin, token } = this.options;
    let status: number;
    try {
      const answer = await fetch(`${origin}${path}`, { method: "POST", headers: { ...headers, Authorization: `Bearer ${token}` }, body: new Uint8Array(bytes), signal: AbortSignal.timeout(ANSWER_MS) });
      ({ status } = answer);
      const text = await answer.text();
      if (status >= 400 && status < 500 && status !== 429) throw new Refused(`${path} was refused with ${status}: ${text}`);
    } catch (error) {
      if (error instanceof Refused) throw error;
      return "unclear";
    }
    return status >= 200 && status < 300 ? "kept" : "unclear";
  }
}

/** An answer that sending again does not change. */
class Refused extends Error {}

import { SecretBox } from "../../../identity/index.ts";
import { outbound, type Outbound } from "../../../net/index.ts";

/** What collectors of queues need to be given, and do not use. */
export function nothingSealed(): { box: SecretBox; outbound: Outbound } {
  return { box: new SecretBox(Buffer.alloc(32, 7)), outbound: outbound({ allow: [], timeoutMs: 1_000, maxBytes: 1_000, now: () => new Date() }) };
}

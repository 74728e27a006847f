import type { Outbound } from "../../../net/index.ts";
import { openHub } from "./openHub.ts";
import type { Hub } from "./reach.ts";

/**
 * Opens a hub and one of its partitions, as the collector does, and takes nothing in.
 * @returns what was seen, as a sentence
 * @throws Unavailable for what is refused, with what is missing
 */
export async function tryHub(hub: Hub, outbound: Outbound): Promise<string> {
  const open = await openHub(hub, outbound, new AbortController().signal);
  try {
    const { partitions } = await open.describe();
    await open.read(partitions[0]!, "amqp.annotation.x-opt-offset > '@latest'");
    const facts = await Promise.all(partitions.map((id) => open.partition(id)));
    const kept = facts.reduce((sum, { begin, last, isEmpty }) => sum + (isEmpty ? 0 : last - begin + 1), 0);
    return `It may read ${hub.name} in the consumer group ${hub.group}: ${partitions.length === 1 ? "one partition" : `${partitions.length} partitions`}, ${kept === 1 ? "one event" : `${kept} events`} kept.`;
  } finally {
    open.close();
  }
}

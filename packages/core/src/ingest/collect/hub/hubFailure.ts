import { CorduroyError, Unavailable } from "../../../kernel/index.ts";
import { NotYet } from "../poll/poller.ts";
import type { Hub } from "./reach.ts";

/** What a hub said when it refused or ended something. Its sentence is not repeated: it may quote what it was asked with. */
export interface HubWord {
  /** `amqp:unauthorized-access`, or the status of an answer. */
  condition: string;
  description: string;
}

/** The hub ended a connection that had worked: it is opened again. */
export class Broken extends Unavailable {}

/** Where it does not say how long, a hub that is busy is left alone for so long, as Microsoft's own programs do. */
const BUSY_MS = 10_000;

/**
 * What a hub's word means, and what to do about it.
 * @param isOpen whether it had worked before
 */
export function hubFailure({ condition, description }: HubWord, hub: Hub, isOpen: boolean, now: Date): CorduroyError | NotYet {
  const word = /^[\w:.-]{1,80}$/.test(condition) ? condition : "no reason given";
  const place = `${hub.name} at ${hub.host}`;
  if (/server-busy|^503$/.test(word)) return new NotYet(new Date(now.getTime() + BUSY_MS));
  if (isOpen && !/not-found|^404$|disabled/.test(word)) return new Broken(`The event hub ${place} ended the connection (${word}).`, { hint: "It is opened again." });
  if (/unauthorized|^401$|^403$/.test(word)) {
    if (hub.identity.by === "application") return told(`The application may not read the event hub ${place}.`, "It needs the role Azure Event Hubs Data Receiver on the hub. A role that was just given takes some minutes.");
    if (/signature/i.test(description)) return told(`The event hub ${place} does not accept the key: it is wrong, or was made anew.`, "Add the collector again, with the policy's connection string of today.");
    if (/expired/i.test(description)) return told(`For the event hub ${place} what was just signed has expired.`, "Check the clock of the service's machine.");
    return told(`The policy may not read the event hub ${place}, or does not exist any more.`, "It needs the claim Listen.");
  }
  if (/not-found|^404$/.test(word)) return told(`There is no event hub ${place}, or it has no consumer group ${hub.group}.`, "Check their names.");
  if (/resource-limit|quota/.test(word)) return told(`The event hub ${place} takes no more readers in the consumer group ${hub.group} (${word}).`, "Five may read a partition in one group. Make a consumer group for Corduroy, and add the collector again with --group.");
  if (/stolen/.test(word)) return told(`Another program reads ${place} in the consumer group ${hub.group} and wants it for itself.`, "Make a consumer group for Corduroy, and add the collector again with --group.");
  return told(`The event hub ${place} does not answer as it should (${word}).`, "It is tried again.");
}

const told = (message: string, hint: string): Unavailable => new Unavailable(message, { hint });

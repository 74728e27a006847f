import * as z from "zod";
import type { SecretBox } from "../../../identity/index.ts";
import { Invalid } from "../../../kernel/index.ts";
import type { DbCtx } from "../../../store/index.ts";
import { parsed } from "../parsed.ts";
import { sealReach } from "../poll/sealedReach.ts";
import { addListed } from "./addListed.ts";
import { locationOf } from "./blobService.ts";
import { containerReach, parseContainer } from "./containerReach.ts";

const shape = z.strictObject({ source: z.string().max(100), address: z.string().max(1_000), reach: containerReach, since: z.date().nullable() });

/**
 * Collects the logs of a container of Azure Storage by listing it again and again, also such as grow. What it takes to read it is kept sealed and never shown again.
 * @param input `address`: `https://account.blob.core.windows.net/container`, or a folder in it; `since`: what was last changed before is left out; null for a day back
 * @returns the collector's id
 * @throws Forbidden, Invalid; NotFound for a source that does not exist; Conflict for what is collected already
 */
export async function addContainer(ctx: DbCtx, input: z.input<typeof shape>, box: SecretBox): Promise<string> {
  const { source, address, reach, since } = parsed(shape, input);
  const place = parseContainer(address);
  if (place === undefined) throw new Invalid("This is not the address of a container.", { hint: "It looks like https://ACCOUNT.blob.core.windows.net/insights-activity-logs. A signature is a secret and belongs into standard input." });
  return addListed(ctx, { source, kind: "azure-blob", url: locationOf(place, place.prefix), role: null, since, sealed: (id) => sealReach(box, id, reach) });
}

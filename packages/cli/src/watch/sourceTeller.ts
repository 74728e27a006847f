import { api, pathOf } from "@corduroy/contract";
import { tellSource } from "@corduroy/core/ingest";
import { CorduroyError, Unavailable } from "@corduroy/core/kernel";
import { ANY_SOURCE } from "@corduroy/core/sources";
import { FIRST_WAIT_MS, LATER, LONGEST_WAIT_MS, type Way } from "./deliver.ts";

/**
 * Gives the source that a new text is sent for: where the token may hand in any, each record tells it at the service; else that of the text's first record.
 * The service is asked once, with a body that is none.
 */
export function sourceTeller(way: Way): (body: Buffer) => Promise<string> {
  let mayAny: Promise<boolean> | null = null;
  return async (body) => ((await (mayAny ??= mayHandInAny(way))) ? ANY_SOURCE : tellSource(body));
}

async function mayHandInAny({ service, pause, trouble }: Way): Promise<boolean> {
  const path = pathOf(api.events.receive, { params: { source: ANY_SOURCE } });
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    const answer = await service.send(path, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: "" }).catch((error: unknown) => {
      if (error instanceof Unavailable) return error;
      throw error;
    });
    if (!(answer instanceof CorduroyError)) {
      await answer.arrayBuffer();
      if (!LATER.has(answer.status)) {
        trouble(null);
        // Whoever may not is told that before the body is looked at; an older service does not know this source.
        return answer.status === 400;
      }
    }
    trouble(answer instanceof CorduroyError ? answer.message : `The service at ${service.origin} answers ${answer.status}.`);
    await pause(wait);
  }
}

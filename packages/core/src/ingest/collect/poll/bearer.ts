import * as z from "zod";
import { Unavailable } from "../../../kernel/index.ts";
import type { Outbound, OutboundAnswer, OutboundRequest } from "../../../net/index.ts";
import { ask, jsonOf, type Refusal } from "./ask.ts";

/** Where an access token comes from (RFC 6749, 4.4; RFC 7523). */
export interface TokenSource {
  outbound: Outbound;
  /** The vendor, as people call it. */
  name: string;
  url: string;
  form: () => Record<string, string>;
  refused: (refusal: Refusal) => Error | null;
}

class Expired extends Error {}

const shape = z.object({ access_token: z.string().regex(/^[\x21-\x7e]{1,8000}$/), expires_in: z.number().min(1).max(86_400 * 7) });
/** A token is not used in its last minute. */
const SPARE_MS = 60_000;

/**
 * Asks with an access token, which is fetched when it is needed and kept in memory only.
 * @returns a way to ask; a token that the vendor takes for expired is fetched anew once
 */
export function asBearer(source: TokenSource): (request: OutboundRequest, refused: (refusal: Refusal) => Error | null) => Promise<OutboundAnswer> {
  const { outbound, name } = source;
  let held: { token: string; until: number } | null = null;
  const tokenOf = async (): Promise<string> => {
    if (held === null || held.until <= outbound.now().getTime()) held = await accessToken(source);
    return held.token;
  };
  const askOnce = async (request: OutboundRequest, refused: (refusal: Refusal) => Error | null): Promise<OutboundAnswer> => ask(outbound, name, { ...request, headers: { ...request.headers, authorization: `Bearer ${await tokenOf()}` } }, refused);
  return async (request, refused) => {
    try {
      return await askOnce(request, (refusal) => (refusal.status === 401 ? new Expired() : refused(refusal)));
    } catch (error) {
      if (!(error instanceof Expired)) throw error;
      held = null;
      return askOnce(request, refused);
    }
  };
}

/** Asks for an access token. @returns it, and until when it is used, in milliseconds since the epoch */
export async function accessToken({ outbound, name, url, form, refused }: TokenSource): Promise<{ token: string; until: number }> {
  const body = new URLSearchParams(form()).toString();
  const answer = await ask(outbound, name, { method: "POST", url, headers: { "content-type": "application/x-www-form-urlencoded" }, body }, refused);
  const { data } = shape.safeParse(jsonOf(answer.body));
  if (data === undefined) throw new Unavailable(`${name} gave no access token.`, { hint: "Check where tokens are asked for." });
  return { token: data.access_token, until: outbound.now().getTime() + data.expires_in * 1_000 - SPARE_MS };
}

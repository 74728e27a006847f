import { api, type FindingDetail, type FindingSummary, type RequestOf } from "@corduroy/contract";
import { Invalid, NotFound } from "@corduroy/core/kernel";
import type { Connection } from "../service/connect.ts";

/** Findings that an abbreviation is looked for in. */
const LOOKED_THROUGH = 5_000;
const PAGE = 200;
const SHORTEST = 4;

type Call = Pick<Connection, "call">;
type Filter = Omit<RequestOf<typeof api.findings.list>["query"], "cursor" | "limit">;

/** The finding meant by an id or the beginning of one. @throws NotFound; Invalid for a beginning that several ids share */
export async function findingOf(service: Call, text: string): Promise<FindingDetail> {
  try {
    return await service.call(api.findings.get, { params: { id: text } });
  } catch (error) {
    if (!(error instanceof NotFound) || text.length < SHORTEST) throw error;
    const id = await idThatBegins(service, text);
    return service.call(api.findings.get, { params: { id } });
  }
}

async function idThatBegins(service: Call, text: string): Promise<string> {
  const found: FindingSummary[] = [];
  let looked = 0;
  for await (const finding of findingsOf(service, { state: "all", suppressed: "all" })) {
    if (finding.id.startsWith(text)) found.push(finding);
    if (++looked === LOOKED_THROUGH) throw new Invalid("There are too many findings to abbreviate an id.", { hint: "Write it in full; list --format json shows it." });
  }
  const [first, ...others] = found;
  if (first === undefined) throw new NotFound(`There is no finding ${text}.`, { hint: "List them with: corduroy findings list --state all" });
  if (others.length > 0) throw new Invalid(`${found.length} findings begin with ${text}.`, { hint: `Give more of the id: ${found.slice(0, 5).map(({ id }) => id).join(" or ")}.` });
  return first.id;
}

/** All findings that fit a filter, the most urgent first; they are asked for page by page. */
export async function* findingsOf({ call }: Call, filter: Filter, limit = Number.POSITIVE_INFINITY): AsyncGenerator<FindingSummary> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const { items, next } = await call(api.findings.list, { query: { ...filter, cursor, limit: Math.min(PAGE, left) } });
    yield* items;
    left -= items.length;
    cursor = next ?? undefined;
  } while (cursor !== undefined && left > 0);
}

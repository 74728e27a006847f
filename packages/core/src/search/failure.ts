import { CorduroyError, Forbidden, Invalid, Unavailable } from "../kernel/index.ts";
import type { QueryNews, QueryRequest } from "./protocol.ts";

/**
 * What a person is told of an error: DuckDB's sentence, its line and caret, without paths of ours, and its suggestion as the hint.
 * @param timedOut the engine was interrupted because its time was over.
 */
export function explainFailure(error: unknown, request: QueryRequest, timedOut: boolean): Extract<QueryNews, { type: "failed" }> {
  const { limits } = request;
  if (timedOut) {
    return failed(new Unavailable(`The query was stopped: it worked for longer than ${limits.seconds} s.`, { hint: "Ask for fewer days or columns, or allow it more time." }));
  }
  if (error instanceof CorduroyError) return failed(error);
  const text = error instanceof Error ? error.message : String(error);
  if (/^Out of Memory|failed to allocate|could not allocate/i.test(text)) {
    const what = /max_temp_directory_size|temp directory/i.test(text) ? `more than ${limits.temporaryMb} MB of temporary disk` : `more than ${limits.memoryMb} MB of memory`;
    return failed(new Unavailable(`The query was stopped: it needs ${what}.`, { hint: "Group or filter earlier, or ask for fewer days." }));
  }
  const message = withoutPaths(text, request);
  const candidates = /\n?(?:Candidate (?:bindings|functions|tables)\s*:\s*|Did you mean )([^\n]*)/.exec(message);
  if (candidates === null) return failed(new Invalid(message));
  return failed(new Invalid(message.replace(candidates[0], ""), { hint: `Did you mean ${candidates[1]?.replace(/^:\s*/, "").replace(/\?*$/, "").replaceAll('"', "") ?? ""}?` }));
}

function failed(error: CorduroyError): Extract<QueryNews, { type: "failed" }> {
  const kind = error instanceof Forbidden ? "Forbidden" : error instanceof Unavailable ? "Unavailable" : "Invalid";
  return { type: "failed", error: kind, message: error.message, hint: error.hint };
}

function withoutPaths(text: string, { folder, temporary }: QueryRequest): string {
  return text.replaceAll(`${folder}/`, "").replaceAll(folder, "the lake").replaceAll(temporary, "the temporary folder").trim();
}

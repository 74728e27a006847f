import { api, type FindingDetail, type FindingSummary } from "@corduroy/contract";
import { Invalid, visible } from "@corduroy/core/kernel";
import { colorful } from "../color.ts";
import { jsonText } from "../json.ts";
import { connect } from "../service/connect.ts";
import { person } from "../service/people.ts";
import { findingOf, findingsOf } from "./findingId.ts";
import { findingLines } from "./findingLines.ts";
import { findingText } from "./findingText.ts";

interface Server {
  server?: string;
}

type Level = FindingDetail["level"];

/** Options of `corduroy findings list`, as they are typed. */
export interface ListOptions extends Server {
  state: "active" | "closed" | "all" | FindingDetail["state"];
  level?: Level;
  team?: string;
  owner?: string;
  query?: string;
  format: "table" | "json";
  limit: number;
}

/** `corduroy findings list`. */
export async function listCommand({ state, level, team, owner, query, format, limit, ...options }: ListOptions): Promise<void> {
  const service = await connect(options);
  const whose = owner === undefined || owner === "none" ? owner : (await person(service, owner)).id;
  const found: FindingSummary[] = [];
  for await (const finding of findingsOf(service, { state, level, team, owner: whose, q: query }, limit + 1)) found.push(finding);
  const shown = found.slice(0, limit);
  print(format === "json" ? jsonText(shown) : findingLines(shown, { columns: process.stdout.columns ?? 80, color: colorful(process.stdout), more: found.length > limit }));
}

/** `corduroy findings show`. */
export async function showCommand(id: string, { format, ...options }: Server & { format: "text" | "json" }): Promise<void> {
  const finding = await findingOf(await connect(options), id);
  print(format === "json" ? jsonText(finding) : findingText(finding, { columns: process.stdout.columns ?? 80, color: colorful(process.stdout) }));
}

/** `corduroy findings assign`: gives a finding to somebody, or with `none` back. */
export async function assignCommand(id: string, who: string, options: Server): Promise<void> {
  const service = await connect(options);
  const owner = who === "none" ? null : await person(service, who);
  const { id: whole, version } = await findingOf(service, id);
  tell(owner === null ? "Given back" : `Given to ${owner.name}`, await service.call(api.findings.change, { params: { id: whole }, body: { version, owner: owner?.id ?? null } }));
}

/** `corduroy findings triage`: somebody has looked at it. */
export async function triageCommand(id: string, options: Server): Promise<void> {
  const service = await connect(options);
  const { id: whole, version } = await findingOf(service, id);
  tell("Triaged", await service.call(api.findings.change, { params: { id: whole }, body: { version, state: "triaged" } }));
}

/** `corduroy findings comment`. */
export async function commentCommand(id: string, text: string, options: Server): Promise<void> {
  const service = await connect(options);
  const { id: whole } = await findingOf(service, id);
  tell("Commented on", await service.call(api.findings.comment, { params: { id: whole }, body: { text } }));
}

/** Options of `corduroy findings close`, as they are typed. */
export interface CloseOptions extends Server {
  as: "resolved" | "accepted" | "false_positive" | "duplicate";
  reason: string;
  until?: Date;
  of?: string;
}

/** `corduroy findings close`: with what it turned out to be, and why. */
export async function closeCommand(id: string, { as, reason, until, of, ...options }: CloseOptions): Promise<void> {
  if ((as === "accepted") !== (until !== undefined)) throw new Invalid(as === "accepted" ? "An acceptance ends." : "Only an acceptance ends.", { hint: as === "accepted" ? "Say when it is to be looked at again: --until 2027-06-30" : "Leave --until away." });
  if ((as === "duplicate") !== (of !== undefined)) throw new Invalid(as === "duplicate" ? "A duplicate needs the finding that stays." : "Only a duplicate is one of another finding.", { hint: as === "duplicate" ? "Name it: --of ID" : "Leave --of away." });
  const service = await connect(options);
  const stays = of === undefined ? undefined : (await findingOf(service, of)).id;
  const { id: whole, version } = await findingOf(service, id);
  const body = { version, as, reason, until: until?.toISOString(), of: stays };
  tell(`Closed as ${as.replaceAll("_", " ")}`, await service.call(api.findings.close, { params: { id: whole }, body }));
}

/** `corduroy findings reopen`. */
export async function reopenCommand(id: string, { reason, ...options }: Server & { reason: string }): Promise<void> {
  const service = await connect(options);
  const { id: whole, version } = await findingOf(service, id);
  tell("Open again", await service.call(api.findings.reopen, { params: { id: whole }, body: { version, reason } }));
}

function tell(done: string, { id, title }: FindingDetail): void {
  print(`${visible(done)}: ${visible(title)} (${visible(id)})\n`);
}

function print(text: string): void {
  process.stdout.write(text);
}

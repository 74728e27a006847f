import { awsCloudtrail } from "./aws.cloudtrail/index.ts";
import type { JsonRecord, SourceDefinition } from "./definition.ts";
import { genericJson } from "./generic.json/index.ts";

export type { Column, JsonRecord, SourceDefinition } from "./definition.ts";

/** All sources, the most particular first; the last one takes anything. */
export const sources: readonly SourceDefinition[] = [awsCloudtrail, genericJson];

/** The source with this id, or undefined. */
export function sourceById(id: string): SourceDefinition | undefined {
  return sources.find((source) => source.id === id);
}

/** Tells a record's source from its content: the first source that recognises it. */
export function recognise(record: JsonRecord): SourceDefinition {
  return sources.find((source) => source.recognises(record)) ?? genericJson;
}

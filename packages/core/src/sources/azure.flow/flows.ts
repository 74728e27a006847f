import type { JsonRecord } from "../definition.ts";

type Form = { outer: string; inner: string; groups: string };

/** Where a record has its tuples, two lists deep, in the log of a security group and of a virtual network. */
const FORMS: Readonly<Record<string, Form>> = {
  NetworkSecurityGroupFlowEvent: { outer: "properties", inner: "flows", groups: "flows" },
  FlowLogFlowEvent: { outer: "flowRecords", inner: "flows", groups: "flowGroups" },
};

/** Whether a record is of a flow log. */
export function isFlowRecord({ category, properties, flowRecords }: JsonRecord): boolean {
  return (category === "NetworkSecurityGroupFlowEvent" && hasFlows(properties)) || (category === "FlowLogFlowEvent" && hasFlows(flowRecords));
}

/** A record for each tuple of this one, in the vendor's form with lists of one; undefined where it has no more than one. */
export function flowsIn(record: JsonRecord): Iterable<JsonRecord> | undefined {
  if (!isFlowRecord(record)) return undefined;
  const form = FORMS[record["category"] as string]!;
  const tuples = tuplesIn(record, form);
  // Of the second one only whether it is there.
  return tuples.next().done === true || tuples.next().done === true ? undefined : each(record, form);
}

function* each(record: JsonRecord, form: Form): Generator<JsonRecord> {
  const outer = record[form.outer] as JsonRecord;
  for (const { flow, group, tuple } of tuplesIn(record, form)) yield { ...record, [form.outer]: { ...outer, [form.inner]: [{ ...flow, [form.groups]: [{ ...group, flowTuples: [tuple] }] }] } };
}

function* tuplesIn(record: JsonRecord, { outer, inner, groups }: Form): Generator<{ flow: JsonRecord; group: JsonRecord; tuple: unknown }> {
  for (const flow of objectsIn((record[outer] as JsonRecord)[inner])) for (const group of objectsIn(flow[groups])) if (Array.isArray(group["flowTuples"])) for (const tuple of group["flowTuples"] as unknown[]) yield { flow, group, tuple };
}

const isObject = (value: unknown): value is JsonRecord => typeof value === "object" && value !== null && !Array.isArray(value);
const objectsIn = (value: unknown): JsonRecord[] => (Array.isArray(value) ? value.filter(isObject) : []);

function hasFlows(value: unknown): boolean {
  return isObject(value) && Array.isArray(value["flows"]);
}

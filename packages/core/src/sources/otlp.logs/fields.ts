import { OTHERS, pointer, RECORD, recordField, RESOURCE, resourceField } from "./attributes.ts";

const names = [
  "timeUnixNano", "observedTimeUnixNano", "severityNumber", "severityText", "body", "traceId", "spanId", "scope.name",
  ...Object.keys(RESOURCE).map(resourceField), ...Object.keys(RECORD).map(recordField), ...Object.values(OTHERS).flat(),
];

export const fields: Readonly<Record<string, string>> = Object.fromEntries(names.map((name) => [name, pointer(name)]));

/** The conventions' names alone, and what Sigma's rules call the body. */
export const sigmaNames: Readonly<Record<string, string | readonly string[]>> = {
  ...Object.fromEntries(Object.keys(RESOURCE).map((name) => [name, resourceField(name)])),
  ...Object.fromEntries(Object.keys(RECORD).map((name) => [name, recordField(name)])),
  ...Object.fromEntries(Object.values(OTHERS.environment).map((name) => [name.replace("resource.attributes.", ""), OTHERS.environment])),
  ...Object.fromEntries(OTHERS.event.map((name) => [name.replace("attributes.", ""), OTHERS.event])),
  message: "body",
};

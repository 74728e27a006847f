const names = [
  "configurationItemVersion", "configurationItemCaptureTime", "configurationStateId", "configurationItemStatus", "resourceType", "resourceId", "resourceName", "awsAccountId", "accountId",
  "awsRegion", "availabilityZone", "resourceCreationTime", "ARN", "arn",
];

/** Fields of a configuration item, bare as files and the API have it, and inside the notification of its change. What is too large for one has a summary. */
const PARENTS = ["", "configurationItem.", "configurationItemSummary."];

export const fields: Readonly<Record<string, string>> = {
  ...Object.fromEntries(PARENTS.flatMap((parent) => names.map((name) => [`${parent}${name}`, `/${`${parent}${name}`.replaceAll(".", "/")}`]))),
  messageType: "/messageType",
  notificationCreationTime: "/notificationCreationTime",
  "configurationItemDiff.changeType": "/configurationItemDiff/changeType",
};

/** SQL for a field of the item, wherever it stands. */
export function item(...wanted: readonly string[]): string {
  return `coalesce(${wanted.flatMap((name) => PARENTS.map((parent) => `nullif("@${parent}${name}", '')`)).join(", ")})`;
}

/** Rules name a field of an item as AWS does, in whichever shape it comes. */
export const sigmaNames: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  ["resourceType", "resourceId", "resourceName", "awsRegion", "configurationItemStatus"].map((name) => [name, PARENTS.map((parent) => `${parent}${name}`)]),
);

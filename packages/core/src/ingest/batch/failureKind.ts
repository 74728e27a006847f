/** Why records cannot be read, in kinds that stay the same: a reason may name places of a record. */
export const FAILURE_KINDS = ["not JSON", "no object", "cut off", "too long", "not UTF-8", "of another source", "other"] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

const BEGINNINGS: readonly [beginning: string, kind: FailureKind][] = [
  ["not valid JSON", "not JSON"],
  ["the record is not valid JSON", "not JSON"],
  ["not a JSON object", "no object"],
  ["the file ends inside", "cut off"],
  ["longer than", "too long"],
  ["not valid UTF-8", "not UTF-8"],
  ["not a line of", "of another source"],
];

/** The kind of a dead letter's reason. */
export function failureKind(reason: string): FailureKind {
  return BEGINNINGS.find(([beginning]) => reason.startsWith(beginning))?.[1] ?? "other";
}

/** How many dead letters there are of each kind. */
export function countKinds(dead: readonly { reason: string }[]): Partial<Record<FailureKind, number>> {
  const counts: Partial<Record<FailureKind, number>> = {};
  for (const { reason } of dead) {
    const kind = failureKind(reason);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

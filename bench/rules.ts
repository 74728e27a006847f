import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { estate } from "@corduroy/estate";

/** An operation as CloudTrail names it: `eventSource` and `eventName`. */
export type Operation = readonly [service: string, name: string];

/** Shares of all rules: on operations that occur in the data, and on no operation at all. The rest asks for operations that never occur. */
const OCCURRING = 0.2;
const KEYLESS = 0.05;

/** The operations of the made-up company, in order of first appearance. */
export function occurringOperations(): Operation[] {
  const found = new Map<string, Operation>();
  for (const file of estate({ seed: 1, day: "2026-11-18", events: 20_000, breach: true }).files())
    for (const record of file.records) {
      const { eventSource, eventName } = JSON.parse(record) as { eventSource: string; eventName: string };
      found.set(`${eventSource} ${eventName}`, [eventSource, eventName]);
    }
  return [...found.values()];
}

/** A stream of numbers from a seed, the same on every machine. */
class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** A whole number from 0 to below `sides`: the high bits of a linear congruential generator (Numerical Recipes). */
  below(sides: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * sides);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  /** So many different ones. */
  some<T>(from: readonly T[], count: number): T[] {
    const left = [...from];
    return Array.from({ length: count }, () => left.splice(this.below(left.length), 1)[0]!);
  }
}

const VERBS = ["Create", "Delete", "Update", "Put", "Modify", "Attach", "Detach", "Enable", "Disable", "Start", "Stop", "Get", "List", "Describe"];
const NOUNS = ["Gateway", "Connector", "Profile", "Template", "Endpoint", "Dashboard", "Workspace", "Schedule", "Channel", "Replica", "Mesh", "Portal", "Studio", "Ledger"];

/** Conditions that hardly any event fulfils: a rule that names no operation has one of them, or it would match everywhere. */
const RARE: readonly ((dice: Dice) => string)[] = [
  (dice) => `userIdentity.arn|contains: ':assumed-role/${dice.pick(["admin", "break-glass", "contractor"])}-${dice.below(100)}/'`,
  (dice) => `userIdentity.userName|endswith: '-${dice.pick(["temp", "test", "old"])}${dice.below(50)}'`,
  (dice) => `userAgent|startswith: 'agent-${dice.below(1000)}'`,
  (dice) => `requestParameters.roleName|contains: 'admin-${dice.below(100)}'`,
  (dice) => `requestParameters.policyArn|endswith: ':policy/Policy${dice.below(100)}'`,
  (dice) => `requestParameters.bucketName|startswith: 'backup-${dice.below(100)}'`,
];

/** Conditions as rules have them, on fields that CloudTrail has; together they hold for about one event in a hundred of those asked. */
const CONDITIONS: readonly ((dice: Dice) => string)[] = [
  ...RARE,
  (dice) => `userIdentity.type: ${dice.pick(["AssumedRole", "IAMUser", "Root", "FederatedUser"])}`,
  (dice) => `userIdentity.accessKeyId|startswith: ${dice.pick(["AKIA", "ASIA", "ASIAQ"])}`,
  (dice) => `userAgent|contains: '${dice.pick(["Boto3/", "aws-cli/", "console.amazonaws.com", `client/${dice.below(40)}.`])}'`,
  (dice) => `sourceIPAddress|startswith: '${dice.pick(["198.51.100", "203.0.113", "192.0.2"])}.${dice.below(25)}'`,
  (dice) => `awsRegion: [${dice.some(["ap-east-1", "sa-east-1", "me-south-1", "eu-west-1", "us-west-2"], 3).join(", ")}]`,
  (dice) => `errorCode: ${dice.pick(["AccessDenied", "UnauthorizedOperation", "ThrottlingException"])}`,
];

const FILTERS: readonly ((dice: Dice) => string)[] = [
  () => `userIdentity.invokedBy|endswith: '.amazonaws.com'`,
  (dice) => `userAgent|contains: 'automation-${dice.below(100)}'`,
  (dice) => `userIdentity.accountId: ['${dice.below(10)}00000000001', '${dice.below(10)}00000000002']`,
  (dice) => `userIdentity.sessionContext.sessionIssuer.userName|startswith: 'pipeline-${dice.below(20)}'`,
];

const block = (name: string, lines: readonly string[]): string => `  ${name}:\n${lines.map((line) => `    ${line}\n`).join("")}`;

/** One Sigma rule: an operation, or none, two or three conditions, and now and then something left out. */
function ruleText(number: number, operation: Operation | null, dice: Dice): string {
  const id = createHash("sha256").update(`bench rule ${number}`).digest("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
  const key = operation === null ? [] : [`eventSource: ${operation[0]}`, `eventName: ${operation[1]}`];
  const rare = operation === null ? [dice.pick(RARE)] : [];
  const conditions = [...rare, ...dice.some(CONDITIONS, 2 + dice.below(2) - rare.length)].map((condition) => condition(dice));
  const filtered = dice.below(3) === 0;
  return [
    `title: Bench rule ${number}\nid: ${id}\nstatus: test\nlevel: ${dice.pick(["low", "medium", "high"])}\n`,
    "logsource:\n  product: aws\n  service: cloudtrail\ndetection:\n",
    block("selection", [...key, ...distinctFields(conditions)]),
    filtered ? block("filter", [dice.pick(FILTERS)(dice)]) : "",
    `  condition: selection${filtered ? " and not filter" : ""}\n`,
  ].join("");
}

/** One condition a field and modifier: YAML allows each key once. */
function distinctFields(conditions: readonly string[]): string[] {
  return [...new Map(conditions.map((condition) => [condition.slice(0, condition.indexOf(":")), condition])).values()];
}

/**
 * Texts of Sigma rules for CloudTrail. The same count gives the same rules.
 * @param occurring operations of the data
 */
export function makeRules(count: number, occurring: readonly Operation[]): string[] {
  const dice = new Dice(count);
  const known = new Set(occurring.map(([, name]) => name));
  const strange: Operation[] = [...new Set(occurring.map(([service]) => service))].flatMap((service) => VERBS.flatMap((verb) => NOUNS.map((noun): Operation => [service, `${verb}${noun}`])));
  const never = strange.filter(([, name]) => !known.has(name));
  const keyless = Math.round(count * KEYLESS);
  const common = Math.round(count * OCCURRING);
  return Array.from({ length: count }, (_, number) => {
    if (number < keyless) return ruleText(number, null, dice);
    return ruleText(number, dice.pick(number < keyless + common ? occurring : never), dice);
  });
}

/** Writes rules into a new folder, one file a rule, and gives the folder. */
export function writeRules(folder: string, texts: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  for (const [number, text] of texts.entries()) writeFileSync(join(folder, `rule-${String(number).padStart(5, "0")}.yml`), text);
  return folder;
}

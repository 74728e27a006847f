import { gzipSync } from "node:zlib";
import type { Ledger } from "../service/ledger.ts";
import type { Random } from "../service/random.ts";

/** What makes a body, or the events in it, the same when it is sent again. */
export type Identity =
  /** An idempotency key. */
  | "key"
  /** The place it was read at: object, version, first record. */
  | "place"
  /** The vendor's own id in every event. */
  | "vendor"
  /** Nothing: it is sent once, whatever becomes of it. */
  | "none";

/** A body to send, and the numbers of the events in it. */
export interface Body {
  identity: Identity;
  numbers: number[];
  path: string;
  headers: Record<string, string>;
  bytes: Buffer;
}

const IDENTITIES: readonly Identity[] = ["key", "key", "place", "vendor", "vendor", "vendor", "none"];
/** People who stop a trail now and then: few enough that each is a finding of its own. */
const PEOPLE = 40;

/** Makes bodies of numbered events, all their variety from one seed. */
export class Bodies {
  private count = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly random: Random,
    /** Tells the bodies of one run from those of another. */
    private readonly run: string,
  ) {}

  next(): Body {
    const { random } = this;
    const identity = random.pick(IDENTITIES);
    const numbers = this.ledger.take(random.chance(0.05) ? random.between(500, 2_000) : random.between(1, 100));
    const name = `${this.run}-${++this.count}`;
    const text = identity === "vendor" ? this.trail(numbers) : `${numbers.map((number) => this.line(number)).join("\n")}\n`;
    const gzip = random.chance(0.5);
    return {
      identity,
      numbers,
      path: `/v1/events/${identity === "vendor" ? "aws.cloudtrail" : "generic.json"}${identity === "place" ? `?object=${name}&version=1&from=${random.between(1, 9)}` : ""}`,
      headers: { "Content-Type": "application/json", ...(identity === "key" && { "Idempotency-Key": name }) },
      bytes: gzip ? gzipSync(text, { level: 1 }) : Buffer.from(text),
    };
  }

  private line(number: number): string {
    // Every fourth has nothing but its number: content never tells events apart.
    return number % 4 === 0 ? `{"n":${number}}` : JSON.stringify({ n: number, time: new Date().toISOString(), user: `user-${number % 7}`, action: "login", note: "x".repeat(number % 300) });
  }

  private trail(numbers: readonly number[]): string {
    const records = numbers.map((number) => {
      const eventName = this.random.chance(0.01) ? "StopLogging" : "DescribeTrails";
      return cloudTrail(number, `user-${number % PEOPLE}`, eventName, new Date());
    });
    return JSON.stringify({ Records: records });
  }
}

/** A CloudTrail record that carries its number, and has an id made of it. */
function cloudTrail(number: number, userName: string, eventName: string, at: Date): object {
  const id = number.toString(16).padStart(16, "0");
  return {
    eventVersion: "1.10", eventTime: at.toISOString().replace(/\.\d+/, ""), eventSource: "cloudtrail.amazonaws.com", eventName, awsRegion: "eu-west-1", sourceIPAddress: "203.0.113.24",
    userIdentity: { type: "IAMUser", userName, accountId: "111122223333", arn: `arn:aws:iam::111122223333:user/${userName}`, principalId: "AIDAEXAMPLE" },
    eventID: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12)}-8000-000000000000`, recipientAccountId: "111122223333", requestParameters: { name: "company" }, responseElements: null,
    additionalEventData: { n: number },
  };
}

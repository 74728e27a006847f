import { emptyTally, TALLIED, type Tallied, type Tally } from "../group.ts";
import type { Match } from "../recordMatches.ts";
import type { Level, SampleEvent } from "../schemas.ts";

/** A match of a rule by a user in the hour of this moment. */
export function matchOf({ rule = "r1", user = "dana", at, count = 1, address = "203.0.113.24", level = "high", account = "111122223333", source = "aws.cloudtrail" }: { rule?: string; user?: string; at: string; count?: number; address?: string; level?: Level; account?: string; source?: string | null }): Match {
  const tallies = Object.fromEntries(TALLIED.map((field) => [field, emptyTally()])) as Record<Tallied, Tally>;
  tallies.addresses[address] = count;
  tallies.accounts[account] = count;
  const sample: SampleEvent = {
    event_uid: `${rule}-${user}-${at}`, time: at, file: "trail.json", line: 1, operation: "StopLogging", service: "cloudtrail.amazonaws.com", actor: user, address, user_agent: null, account, region: "eu-west-1", outcome: "success", resource: null, raw: "{}",
  };
  return {
    rule: { id: rule, title: `Rule ${rule}`, level, tags: ["attack.t1562.008"], description: "", falsepositives: [], references: [], check: [], respond: [] },
    group: { entity: { kind: "user", key: `user:${account}:${user}`, name: user }, hour: `${at.slice(0, 13)}:00:00.000Z`, count, first: at, last: at, tallies, samples: [sample] },
    source,
  };
}

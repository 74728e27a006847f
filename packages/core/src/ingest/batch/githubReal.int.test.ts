import { validate } from "@corduroy/ocsf";
import { describe, expect, it } from "vitest";
import { recognise, sourceById, type JsonRecord } from "../../sources/index.ts";
import { githubRecords } from "./test/githubRecords.ts";
import { mapRecords } from "./test/mapRecords.ts";

const samples = process.env.CORDUROY_SAMPLES;

/** Read off the records by eye, by their number in the file. A time that is not told is that of the file; none tells an address. */
const EXPECTATIONS: Readonly<Record<"github.audit" | "github.webhook", Readonly<Record<number, JsonRecord>>>> = {
  "github.audit": {
    1: { time: "2021-05-18T02:31:58.553Z", actor_name: "cat", entity_key: "user:github:cat", operation: "protected_branch.destroy", class_uid: 3004, activity_id: 4, outcome: "success", resource: "my-org/my-repo", account: "my-org" },
    2: { time: "2023-01-31T18:58:27.638Z", event_uid: "pWWWWWWWWWWWWWWWWWWWWW", actor_name: "github_handle", operation: "workflows.completed_workflow_run", class_uid: 6003, status_id: 2, outcome: "failure", resource: "your-org/panther-analysis-copy", account: "panther-labs" },
    14: { time: "2021-06-17T23:15:19.091Z", actor_name: "", entity_key: "account:github:my-org", operation: "git.push", activity_id: 3, outcome: "success", resource: "my-org/my-repo", account: "my-org" },
    25: { time: "2024-01-01T00:00:00.000Z", actor_name: "gem-installer", operation: "git.push", user_agent: "Ruby, RubyGems/3.4.22 linux-x86_64 Ruby/3.1.4 (2023-03-30 patchlevel 223)", access_type: "deploy_key", resource: "organization/ruby-app", account: null },
  },
  "github.webhook": {
    1: { time: "2024-01-01T00:00:00.000Z", actor_name: "developer", entity_key: "user:github:developer", operation: "push", outcome: "success", resource: "org/repo", account: "org" },
    8: { time: "2024-01-15T10:30:00.000Z", actor_name: "malicious-user", operation: "pull_request.opened", class_uid: 6003, activity_id: 1, outcome: "success", resource: "target-org/main-repo", account: "target-org", head_repo: "malicious-user/forked-repo" },
    17: { time: "2025-10-15T18:41:54.000Z", actor_name: "developer", operation: "workflow_job.completed", outcome: "success", status_id: 1, resource: "example-org/example-repo", account: "example-org", runner: "my-runner-01" },
    33: { time: "2024-01-01T00:00:00.000Z", actor_name: null, entity_key: "account:github:example-org", operation: "workflow_job.completed", outcome: "skipped", status_id: 0, resource: "example-org/example-repo" },
  },
};

const COUNTS = { "github.audit": 38, "github.webhook": 35 };

describe.skipIf(!samples).each(["github.audit", "github.webhook"] as const)("real records of %s", (id) => {
  const records = samples ? githubRecords(samples, id) : [];

  it("are recognised without a label", () => {
    expect(records).toHaveLength(COUNTS[id]);
    expect(records.map((record) => recognise(record).source.id)).toEqual(records.map(() => id));
  });

  it("give valid OCSF events, and what was read off them by eye", async () => {
    const mapped = await mapRecords(sourceById(id)!, records.map((record) => JSON.stringify(record)));
    expect(mapped.flatMap(({ ocsf }, index) => validate(ocsf).map((problem) => ({ record: index + 1, problem })))).toEqual([]);
    for (const [no, { time, ...columns }] of Object.entries(EXPECTATIONS[id])) {
      const { columns: found, ocsf } = mapped[Number(no) - 1]!;
      expect({ no, ...found }).toMatchObject({ no, address: null, ...columns });
      expect({ no, time: new Date(ocsf["time"] as number).toISOString() }).toEqual({ no, time });
    }
  });
});

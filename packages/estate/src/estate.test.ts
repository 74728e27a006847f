import { assert, boolean, integer, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { estate, type EstateCounts, type EstateOptions } from "./estate.ts";

interface Read {
  readonly eventID: string;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly recipientAccountId: string;
  readonly awsRegion: string;
  readonly userIdentity: { readonly sessionContext?: { readonly sessionIssuer: { readonly arn: string; readonly principalId: string } } };
}

const DAY: EstateOptions = { seed: 11, day: "2026-11-18", events: 8000, breach: false };

function readAll(options: EstateOptions): { texts: string[]; records: Read[]; paths: string[]; counts: EstateCounts } {
  const texts: string[] = [];
  const paths: string[] = [];
  const files = estate(options).files();
  let next = files.next();
  for (; next.done !== true; next = files.next()) {
    paths.push(next.value.path);
    texts.push(...next.value.records);
  }
  return { texts, records: texts.map((text) => JSON.parse(text) as Read), paths, counts: next.value };
}

const quiet = readAll(DAY);

describe("an estate", () => {
  it("is made again, byte for byte, from its seed", () => {
    const again = readAll(DAY);
    expect(again.texts).toEqual(quiet.texts);
    expect(again.paths).toEqual(quiet.paths);
    expect(readAll({ ...DAY, seed: 12 }).texts[0]).not.toBe(quiet.texts[0]);
  });

  it("writes compact JSON that a parser gives back unchanged", () => {
    for (const text of quiet.texts) {
      // CloudTrail keeps the `.0` of a whole floating-point number; JavaScript drops it.
      if (JSON.stringify(JSON.parse(text)) !== text.replace('"threshold":80.0', '"threshold":80')) expect.fail(text);
    }
  });

  it("leaves no placeholder open and no value empty that a record needs", () => {
    for (const text of quiet.texts) {
      if (/<[a-zA-Z0-9]+>|undefined|NaN|"(?:userName|roleName|bucketName|principalId|arn|sourceIPAddress|eventName)":""/.test(text)) expect.fail(text);
    }
  });

  it("counts what it delivers", () => {
    const ids = quiet.records.map((record) => record.eventID);
    expect(quiet.counts).toEqual({ files: quiet.paths.length, records: ids.length, distinct: new Set(ids).size });
    expect(quiet.counts.records - quiet.counts.distinct).toBeGreaterThan(3);
    expect(quiet.counts.records - quiet.counts.distinct).toBeLessThan(30);
    expect(new Set(quiet.paths).size).toBe(quiet.paths.length);
  });

  it("puts every record under the account and region it belongs to", () => {
    for (const { path, records } of estate(DAY).files()) {
      const [, , account, , region] = path.split("/");
      expect(path).toMatch(/^AWSLogs\/o-[a-z2-7]{10}\/\d{12}\/CloudTrail\/[a-z0-9-]+\/\d{4}\/\d\d\/\d\d\/\d{12}_CloudTrail_[a-z0-9-]+_\d{8}T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz$/);
      for (const text of records) expect(JSON.parse(text)).toMatchObject({ recipientAccountId: account, awsRegion: region });
    }
  });

  it("shows a company: twelve accounts, many operations, sizes as in real trails", () => {
    expect(new Set(quiet.records.map((record) => record.recipientAccountId)).size).toBe(12);
    expect(new Set(quiet.records.map((record) => `${record.eventSource}:${record.eventName}`)).size).toBeGreaterThan(150);
    const average = quiet.texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / quiet.texts.length;
    expect(average).toBeGreaterThan(1500);
    expect(average).toBeLessThan(1900);
  });

  it("gives a role one id, whoever uses it and wherever", () => {
    const issuers = quiet.records.flatMap((record) => record.userIdentity.sessionContext?.sessionIssuer ?? []);
    expect(new Set(issuers.map(({ arn, principalId }) => `${arn} ${principalId}`)).size).toBe(new Set(issuers.map(({ arn }) => arn)).size);
  });

  it("keeps office hours and quiet nights", () => {
    const people = quiet.records.filter((record) => record.eventSource === "signin.amazonaws.com");
    const hours = (from: number, to: number): number => people.filter(({ eventTime }) => Number(eventTime.slice(11, 13)) >= from && Number(eventTime.slice(11, 13)) < to).length;
    expect(hours(6, 23)).toBeGreaterThan(10 * hours(0, 6));
    const all = (hour: string): number => quiet.records.filter(({ eventTime }) => eventTime.slice(11, 13) === hour).length;
    expect(all("14")).toBeGreaterThan(1.5 * all("04"));
    for (const { eventTime } of quiet.records) if (!eventTime.startsWith(DAY.day)) expect.fail(eventTime);
  });

  it("tells the small stories of a day at any size", () => {
    const { texts } = readAll({ ...DAY, events: 0 });
    const told = (...marks: readonly string[]): number => texts.filter((text) => marks.every((mark) => text.includes(mark))).length;
    expect(told('"ConsoleLogin":"Failure"')).toBe(2);
    expect(told('"ConsoleLogin":"Success"', '"MFAUsed":"Yes"')).toBe(1);
    expect(told('"eventName":"CreateAccessKey"', "mail-relay")).toBe(1);
    expect(told('"eventName":"StartSession"')).toBe(1);
    expect(told('"eventName":"AssumeRole"', "release-debug")).toBe(1);
  });

  it("spreads its events over the days asked for", () => {
    const { records } = readAll({ ...DAY, events: 6000, days: 3 });
    const days = new Set(records.map((record) => record.eventTime.slice(0, 10)));
    expect([...days].sort()).toEqual(["2026-11-18", "2026-11-19", "2026-11-20"]);
  });

  it("holds together for any seed", () => {
    assert(
      property(nat(), integer({ min: 0, max: 1500 }), boolean(), (seed, events, breach) => {
        const { records, counts } = readAll({ seed, day: "2026-02-28", events, breach });
        expect(counts.records).toBe(records.length);
        expect(counts.distinct).toBe(new Set(records.map((record) => record.eventID)).size);
        expect(Math.abs(records.length - events - (breach ? 800 : 30))).toBeLessThan(900);
      }),
      { numRuns: 12 },
    );
  });

  it("refuses options that make no sense", () => {
    expect(() => estate({ ...DAY, day: "yesterday" })).toThrow("not a day: yesterday");
    expect(() => estate({ ...DAY, events: Number.NaN })).toThrow("not a number of events: NaN");
    expect(() => estate({ ...DAY, days: 0 })).toThrow("not a number of days: 0");
  });
});

describe("a breach", () => {
  const made = estate({ ...DAY, breach: true });
  const breached = readAll({ ...DAY, breach: true });
  const facts = made.breach;
  if (facts === null) throw new Error("no breach");
  const ids = new Set(facts.stages.flatMap((stage) => stage.eventIds));
  const intruder = breached.records.filter((record) => ids.has(record.eventID));

  it("is absent unless asked for", () => {
    expect(estate(DAY).breach).toBeNull();
    expect(quiet.texts.filter((text) => text.includes(facts.address))).toEqual([]);
  });

  it("adds its own events to the same day and changes nothing else", () => {
    const rest = breached.texts.filter((text) => !ids.has((JSON.parse(text) as Read).eventID));
    expect(rest.sort()).toEqual([...quiet.texts].sort());
    expect(intruder).toHaveLength(ids.size);
  });

  it("runs from discovery to theft on the afternoon, in order", () => {
    expect(facts.stages.map((stage) => stage.stage)).toEqual(["discovery", "persistence", "log tampering", "data theft"]);
    const timeOf = new Map(intruder.map((record) => [record.eventID, Date.parse(record.eventTime)]));
    const times = facts.stages.flatMap((stage) => stage.eventIds).map((id) => timeOf.get(id) ?? 0);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    expect(times[0]).toBeGreaterThanOrEqual(Date.parse("2026-11-18T14:00:00Z"));
    expect(times.at(-1)).toBeLessThan(Date.parse("2026-11-18T18:00:00Z"));
  });

  it("uses the key that the build server uses every day, from an address that nobody else uses", () => {
    const withKey = breached.texts.filter((text) => text.includes(`"accessKeyId":"${facts.accessKeyId}","userName":"${facts.userName}"`));
    const fromOutside = withKey.filter((text) => text.includes(facts.address));
    expect(withKey.length).toBeGreaterThan(fromOutside.length);
    expect(fromOutside.length).toBeGreaterThan(400);
  });

  it("leaves the marks of every stage", () => {
    const nameOf = new Map(intruder.map((record) => [record.eventID, record.eventName]));
    const names = (stage: number): Set<string | undefined> => new Set(facts.stages[stage]?.eventIds.map((id) => nameOf.get(id)));
    expect([...names(0)]).toEqual(expect.arrayContaining(["GetCallerIdentity", "ListUsers", "ListBuckets", "DescribeInstances"]));
    expect([...names(1)]).toEqual(expect.arrayContaining(["CreateUser", "CreateAccessKey", "AttachUserPolicy", "CreateLoginProfile", "UpdateAssumeRolePolicy", "ConsoleLogin"]));
    expect([...names(2)]).toEqual(expect.arrayContaining(["PutEventSelectors", "StopLogging", "DeleteTrail", "UpdateDetector", "DeleteDetector"]));
    expect([...names(3)]).toEqual(expect.arrayContaining(["CreateSnapshot", "ModifySnapshotAttribute", "PutBucketPolicy", "GetSecretValue", "GetObject"]));
    const everyday = new Set(quiet.records.map((record) => record.eventName));
    for (const name of ["CreateUser", "StopLogging", "DeleteTrail", "ModifySnapshotAttribute", "UpdateAssumeRolePolicy", "DeleteDetector"]) expect(everyday.has(name)).toBe(false);
  });
});

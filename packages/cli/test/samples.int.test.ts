import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { loadRules } from "@corduroy/core/detect";
import { LEVELS, type Finding, type Level } from "@corduroy/core/findings";
import { writeEstate, type WrittenEstate } from "@corduroy/estate";
import { afterAll, describe, expect, it } from "vitest";
import { expectedOf, logFiles, recordsOf } from "./countRecords.ts";
import { lakeRows } from "./lakeRows.ts";
import { runScan, type Scanned } from "./runScan.ts";

const samples = process.env["CORDUROY_SAMPLES"] ?? "";
const scratch: string[] = [];
afterAll(() => scratch.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const sample = (...path: string[]): string => join(samples, ...path);

/** A new folder for a test to write in. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "corduroy-samples-"));
  scratch.push(folder);
  return folder;
}

/** Each scan runs once; the tests that look at its result share it. */
const scans = new Map<string, Promise<Scanned>>();
function scanOnce(name: string, prepare: (folder: string) => readonly string[] | Promise<readonly string[]>): Promise<Scanned> {
  const scanned = scans.get(name) ?? (async () => {
    const folder = newFolder();
    return runScan(await prepare(folder), folder);
  })();
  scans.set(name, scanned);
  return scanned;
}

const atLeast = (level: Level) => (finding: Finding): boolean => LEVELS.indexOf(finding.level) >= LEVELS.indexOf(level);
const told = (findings: readonly Finding[]): string[] => findings.map(({ level, count, title }) => `${level} ${count}x ${title}`);

/** The API calls that are the attack itself; the other events of a file prepare it, look around or clean up. */
const ATTACK: Readonly<Record<string, readonly string[]>> = {
  "aws.credential-access.ec2-get-password-data": ["GetPasswordData"],
  "aws.credential-access.secretsmanager-retrieve-secrets": ["GetSecretValue"],
  "aws.defense-evasion.cloudtrail-event-selectors": ["PutEventSelectors"],
  "aws.defense-evasion.organizations-leave": ["LeaveOrganization"],
  "aws.execution.ec2-launch-unusual-instances": ["RunInstances"],
  "aws.execution.ssm-start-session": ["StartSession"],
  "aws.exfiltration.ec2-share-ebs-snapshot": ["ModifySnapshotAttribute"],
  "aws.initial-access.console-login-without-mfa": ["ConsoleLogin"],
  "aws.persistence.iam-backdoor-role": ["UpdateAssumeRolePolicy"],
  "aws.persistence.iam-create-backdoor-role": ["CreateRole", "AttachRolePolicy"],
  "aws.persistence.lambda-layer-extension": ["UpdateFunctionConfiguration20150331v2"],
  "aws.persistence.sts-federation-token": ["GetFederationToken"],
};

const techniqueFiles = (): string[] => logFiles(sample("aws-cloudtrail", "stratus")).filter((file) => basename(file) !== "LABELS.json");

/** The technique files without anything that names the tool or its maker, or says what program made the call. */
function scrubbed(folder: string): string[] {
  return techniqueFiles().map((file) => {
    const target = join(folder, basename(file));
    const text = readFileSync(file, "utf8").replaceAll(/"userAgent": *"(?:[^"\\]|\\.)*"/g, '"userAgent": "scrubbed"').replaceAll(/stratus|red[-_ ]?team|datadog/gi, "x");
    writeFileSync(target, text);
    return target;
  });
}

/** Attack events of a technique that no rule of one of its tactics matches at medium or above: `[operation, record]`. */
async function missed(technique: string, { report, signals }: Scanned): Promise<string[]> {
  const labels = JSON.parse(readFileSync(sample("aws-cloudtrail", "stratus", "LABELS.json"), "utf8")) as Record<string, { tactics: string[] }>;
  const tactics = labels[technique]!.tactics.map((name) => name.toLowerCase().replaceAll(" ", "-"));
  const good = report.findings.filter(atLeast("medium")).filter((finding) => finding.tactics.some((tactic) => tactics.includes(tactic)));
  const records = recordsOf(techniqueFiles().find((file) => basename(file, ".json") === technique)!);
  return records.flatMap((record, index) => {
    const operation = String(record?.["eventName"]);
    if (!ATTACK[technique]!.includes(operation)) return [];
    const here = signals.filter((signal) => basename(signal.file, ".json") === technique && signal.line === index + 1);
    const found = here.some((signal) => good.some(({ rule, first_seen, last_seen }) => rule.id === signal.rule_id && first_seen <= signal.time && signal.time <= last_seen));
    return found ? [] : [`${operation} (record ${index + 1})`];
  });
}

describe.skipIf(samples === "")("techniques of a rehearsed attack are found", () => {
  it("has an attack named for each technique", () => {
    expect(techniqueFiles().map((file) => basename(file, ".json"))).toEqual(Object.keys(ATTACK));
    for (const file of techniqueFiles()) {
      const operations = new Set(recordsOf(file).map((record) => record?.["eventName"]));
      expect(ATTACK[basename(file, ".json")]!.every((operation) => operations.has(operation)), basename(file)).toBe(true);
    }
  });

  it.each(Object.keys(ATTACK))("%s", async (technique) => {
    expect(await missed(technique, await scanOnce("techniques", techniqueFiles))).toEqual([]);
  });

  it.each(Object.keys(ATTACK))("%s, with user agents and the tool's names scrubbed", async (technique) => {
    expect(await missed(technique, await scanOnce("scrubbed", scrubbed))).toEqual([]);
  });
});

const laboratory = (): Promise<Scanned> => scanOnce("laboratory", () => [sample("aws-cloudtrail", "invictus")]);

describe.skipIf(samples === "")("an hour of a laboratory account", () => {
  it("has no rule at medium or above that matches more than 5 % of the events", async () => {
    const { report, signals } = await laboratory();
    const loud = [...new Set(report.findings.filter(atLeast("medium")).map(({ rule }) => rule))].map(({ id, title }) => [title, signals.filter((signal) => signal.rule_id === id).length / report.events.read] as const);
    expect(report.events.read).toBe(1448);
    expect(loud.filter(([, share]) => share > 0.05)).toEqual([]);
  });

  it("gives at most 60 findings, and as many signals as the report says", async () => {
    const { report, signals } = await laboratory();
    expect(report.findings.length).toBeGreaterThan(0);
    expect(report.findings.length, told(report.findings).join("\n")).toBeLessThanOrEqual(60);
    expect(report.findings.reduce((sum, { count }) => sum + count, 0)).toBe(signals.length);
    expect(report.signals).toBe(signals.length);
  });
});

/** Events of others' rule tests that must not match there, and match here for a reason: rule, operation, why. */
const EXPLAINED: readonly { rule: string; operation: string; why: string }[] = [
  { rule: "44bdcd06-2aff-4bb5-add8-dbacf701894e", operation: "UpdateProjectVisibility", why: "it does make a build project public; the other rule is about something else, and the event is its unrelated one" },
];

interface PantherTest {
  expected: boolean;
  log: Record<string, unknown>;
}

const pantherTests = (): PantherTest[] => recordsOf(sample("aws-cloudtrail", "panther", "AWS.CloudTrail.jsonl")) as unknown as PantherTest[];

describe.skipIf(samples === "")("others' rule tests", () => {
  it("match where they must not only for a reason that is written down", async () => {
    const harmless = pantherTests().filter(({ expected }) => !expected).map(({ log }) => log);
    const { report, signals } = await scanOnce("harmless", (folder) => {
      const file = join(folder, "harmless.ndjson");
      // Variants of one event share its id here, and would be told as duplicates: every one gets its own.
      const lines = harmless.map((log, index) => JSON.stringify({ ...log, eventID: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}` }));
      writeFileSync(file, `${lines.join("\n")}\n`);
      return [file];
    });
    expect(report.events).toEqual({ read: harmless.length, stored: harmless.length, duplicate: 0, dead: 0 });
    const matches = signals.map(({ rule_id, line }) => ({ rule: rule_id, operation: harmless[line - 1]!["eventName"], line }));
    const unexplained = matches.filter(({ rule, operation }) => !EXPLAINED.some((each) => each.rule === rule && each.operation === operation));
    expect(unexplained).toEqual([]);
    const stale = EXPLAINED.filter((each) => !matches.some(({ rule, operation }) => each.rule === rule && each.operation === operation));
    expect(stale).toEqual([]);
  });

  it("are all kept though they share the id 1, which names nothing; a real id names one event", async () => {
    const logs = pantherTests().map(({ log }) => log);
    const folder = newFolder();
    const file = join(folder, "all.ndjson");
    writeFileSync(file, `${logs.map((log) => JSON.stringify(log)).join("\n")}\n`);
    const ones = join(folder, "ones.ndjson");
    writeFileSync(ones, `${logs.filter((log) => log["eventID"] === "1").map((log) => JSON.stringify(log)).join("\n")}\n`);
    expect((await runScan([ones], folder)).report.events).toEqual({ read: 57, stored: 57, duplicate: 0, dead: 0 });
    const expected = expectedOf([file]).counts;
    expect(expected.duplicate).toBeGreaterThan(0);
    expect((await runScan([file], folder)).report.events).toEqual(expected);
  });
});

describe.skipIf(samples === "")("a working day of a made-up company", () => {
  const written = new Map<string, WrittenEstate>();
  const day = (seed: number, breach: boolean): Promise<Scanned> =>
    scanOnce(`day ${seed} ${breach}`, async (folder) => {
      const logs = join(folder, "logs");
      mkdirSync(logs);
      written.set(`${seed} ${breach}`, await writeEstate(logs, { seed, day: "2026-11-18", events: 30_000, breach }));
      return [logs];
    });

  it.each([1, 2])("without a breach wakes nobody (seed %i)", async (seed) => {
    const { report } = await day(seed, false);
    const { events, distinct } = written.get(`${seed} false`)!;
    expect(report.events).toEqual({ read: events, stored: distinct, duplicate: events - distinct, dead: 0 });
    expect(told(report.findings.filter(atLeast("high")))).toEqual([]);
    const medium = told(report.findings.filter(atLeast("medium")));
    expect(medium.length, medium.join("\n")).toBeLessThanOrEqual(5);
  });

  it.each([1])("with a breach names the leaked key first, and sees every stage (seed %i)", async (seed) => {
    const { report, signals } = await day(seed, true);
    const breach = written.get(`${seed} true`)!.breach!;
    expect(report.findings[0]!.title).toContain(breach.accessKeyId);
    expect(report.findings[0]!.access_keys).toContain(breach.accessKeyId);
    const matched = new Set(signals.map(({ event_uid }) => event_uid.slice(event_uid.indexOf(":") + 1)));
    const unseen = breach.stages.filter(({ eventIds }) => !eventIds.some((id) => matched.has(id))).map(({ stage }) => stage);
    expect(unseen).toEqual([]);
  });
});

/** Every log file there is, whatever its kind. */
const everything = (): string[] =>
  readdirSync(samples)
    .filter((name) => !["LICENSES", "sigma-rules"].includes(name) && statSync(sample(name)).isDirectory())
    .flatMap((name) => logFiles(sample(name)));

describe.skipIf(samples === "")("counts agree with an independent reader", () => {
  it("when all is kept in a lake, file by file; the second time all is duplicate", async () => {
    const folder = newFolder();
    const lake = join(folder, "lake");
    const files = everything();
    const { counts: expected, readable, dead: broken, shared } = expectedOf(files);
    expect(expected.read).toBe(expected.stored + expected.duplicate + expected.dead);
    expect((await runScan(files, folder, ["--keep", lake])).report.events).toEqual(expected);
    const rows = await lakeRows(lake, folder);
    expect(rows.total).toBe(expected.stored);
    expect(rows.dead).toEqual(broken);
    const unshared = (map: ReadonlyMap<string, number>): Map<string, number> => new Map([...map].filter(([file]) => !shared.has(file)));
    expect(shared.size).toBeLessThan(5);
    expect(unshared(rows.events)).toEqual(unshared(readable));

    const again = await runScan(files, folder, ["--keep", lake]);
    const { read, stored, duplicate, dead } = again.report.events;
    expect({ read, stored, sum: duplicate + dead }).toEqual({ read: expected.read, stored: 0, sum: expected.read });
    // A record that only the engine could tell to be broken is not looked at again: the second time it is a repeated one.
    expect(duplicate).toBeGreaterThanOrEqual(expected.stored + expected.duplicate);
    expect(await lakeRows(lake, folder)).toEqual(rows);
  });

  it("when nothing is kept", async () => {
    const { report } = await runScan(everything(), newFolder());
    expect(report.events).toEqual(expectedOf(everything()).counts);
  });
});

describe.skipIf(samples === "")("rules written by others", () => {
  it("compile, or say why not", async () => {
    const { rules, correlations, problems, documents } = await loadRules([sample("sigma-rules")]);
    for (const problem of problems) expect(problem).toMatchObject({ file: expect.stringContaining(".yml"), line: expect.any(Number), message: expect.stringMatching(/\w+/) });
    const refused = new Set(problems.map(({ file, line }) => `${file}:${line}`));
    console.log(`${documents} rules, ${rules.length} compiled, ${correlations.length} correlations, ${problems.length} problems`);
    for (const { file, line, column, message } of problems) console.log(`${file.slice(samples.length + 1)}:${line}:${column}: ${message}`);
    expect(documents).toBeGreaterThan(0);
    expect(rules.length + refused.size).toBeGreaterThanOrEqual(documents);
  });
});

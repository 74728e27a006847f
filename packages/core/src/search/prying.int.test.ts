import { chmod, mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pseudonymOf } from "../identity/index.ts";
import { startClock } from "./clock.ts";
import { explainFailure } from "./failure.ts";
import type { QueryRequest } from "./protocol.ts";
import { runQuery } from "./run-query.ts";
import { EVERYTHING, type Sight } from "./sight.ts";
import { ADDRESS, makeHiddenLake } from "./test/hidden-lake.ts";
import { GUESSES, OTHERS, SHOWN } from "./test/prying.ts";

const KEY = "5a".repeat(32);
const WITHOUT: Sight = { pseudonyms: KEY, sources: null };
const CLOUDTRAIL_ALONE: Sight = { pseudonyms: null, sources: ["aws.cloudtrail"] };
/** As long as the address, and nobody's. */
const NOBODY = "203.0.113.8";
let home: string;
type Lake = Awaited<ReturnType<typeof makeHiddenLake>>;
let whole: Lake;
/** The same without anything of another source. */
let alone: Lake;
let request: Omit<QueryRequest, "views">;

beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "corduroy-prying-")));
  await chmod(home, 0o755);
  const temporary = join(home, "temporary");
  await mkdir(temporary);
  whole = await makeHiddenLake(join(home, "lake"), true);
  alone = await makeHiddenLake(join(home, "alone"), false);
  request = { folder: home, temporary, sql: "", sight: EVERYTHING, format: "json", maxRows: null, width: 80, forTerminal: false, mayStayRoot: true, limits: { seconds: 30, memoryMb: 256, temporaryMb: 64, threads: 1 } };
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** All that somebody is told, whether it works or not; what they have typed themselves taken out. */
async function told(sql: string, sight: Sight, typed = "", lake = whole): Promise<string> {
  const output = new PassThrough({ highWaterMark: 10_000_000 });
  const views = lake.views
    .filter(({ source }) => source === null || sight.sources === null || sight.sources.includes(source))
    .map((view) => ({ ...view, files: view.files.filter(({ path }) => sight.sources === null || ["", ...sight.sources].includes(lake.sourceOf.get(path)!)) }));
  const asked = { ...request, views, sight, sql };
  const text = await runQuery(asked, output, startClock(60, () => undefined).timed).then(() => String(output.read()), (error: unknown) => JSON.stringify(explainFailure(error, asked, false)));
  return typed === "" ? text : text.replaceAll(typed, "…");
}

const guess = async (sql: string, what: string, sight: Sight): Promise<string> => told(sql.replaceAll("GUESS", what), sight, what);

describe("who may not see people", () => {
  it.each(GUESSES)("learns nothing of a guess by %s", async (sql) => {
    expect(await guess(sql, ADDRESS, EVERYTHING)).not.toEqual(await guess(sql, NOBODY, EVERYTHING));
    expect(await guess(sql, ADDRESS, WITHOUT)).toEqual(await guess(sql, NOBODY, WITHOUT));
  });

  it.each(SHOWN)("is shown nobody by %s", async (sql) => {
    expect(await told(sql, EVERYTHING)).toContain("203.0.113");
    const answer = await told(sql, WITHOUT);
    expect(answer).not.toMatch(/203\.0\.113|203\D+0\D+113|"113"/);
    expect(answer).not.toMatch(new RegExp(KEY.slice(0, 16)));
  });

  it("sees the same pseudonym for the same value wherever it stands, and machines by their names", async () => {
    const rows = JSON.parse(await told("select address, entity_name, peers, raw_data from events where source = 'aws.cloudtrail' order by event_uid", WITHOUT)) as unknown[];
    const pseudonym = pseudonymOf(ADDRESS, KEY);
    expect(rows.slice(0, 2)).toEqual([{ address: pseudonym, entity_name: "deploy", peers: [pseudonym], raw_data: null }, { address: pseudonym, entity_name: pseudonym, peers: [pseudonym], raw_data: null }]);
    expect(await told("select count(*) n from events e join signals s on e.entity_name = s.entity_name", WITHOUT)).toEqual(await told("select count(*) n from events e join signals s on e.entity_name = s.entity_name", EVERYTHING));
    expect(JSON.parse(await told(`select entity_key from signals where entity_key = '${pseudonymOf(`address:${ADDRESS}`, KEY)}'`, WITHOUT))).toHaveLength(2);
  });

  it("makes pseudonyms as identity does, of whatever text", async () => {
    const texts = ["", "é日👩‍🚀", "x".repeat(200), "a\u0001b", "' OR 1=1 --"];
    for (const text of texts) expect(pseudonymOf(text, KEY)).toMatch(/^hidden-[0-9a-f]{20}$/);
    expect(pseudonymOf("what do ya want for nothing?", Buffer.from("Jefe").toString("hex"))).toBe("hidden-5bdcc146bf60754e6a04");
    expect(pseudonymOf(ADDRESS, KEY)).not.toBe(pseudonymOf(ADDRESS, "5b".repeat(32)));
  });
});

describe("who is given one source", () => {
  it.each(OTHERS)("is answered by %s as if there were no other", async (sql) => {
    expect(await told(sql, EVERYTHING)).not.toEqual(await told(sql, EVERYTHING, "", alone));
    expect(await told(sql, CLOUDTRAIL_ALONE)).toEqual(await told(sql, CLOUDTRAIL_ALONE, "", alone));
  });

  it("has no file of another opened, and could not open one", async () => {
    const okta = [...whole.sourceOf].find(([, source]) => source === "okta.system")![0];
    expect((await readFile(okta)).length).toBeGreaterThan(0);
    expect(await told(`from read_parquet('${okta}')`, CLOUDTRAIL_ALONE)).toContain("cannot be used here");
  });
});

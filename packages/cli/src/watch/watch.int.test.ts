import { appendFileSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { api } from "@corduroy/contract";
import { testService } from "@corduroy/server/test";
import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runBeside, startProgram, type Running } from "../../test/programWithService.ts";

const test = testService();
const scratch = mkdtempSync(join(tmpdir(), "watch-"));
let token = "";
let proxy: Proxy;
let folder = "";
let env: Record<string, string> = {};
let folders = 0;

/** Stands between a watch and the service, and decides what becomes of each body. */
class Proxy {
  server!: Server;
  bodies = 0;
  /** Called for each body: may end the sender before or after the service has it, or answer in its place. */
  plan: (body: number, bytes: number) => "large" | "pass" | "before" | "after" | "busy" | "lost" = () => "pass";
  onKill: () => void = () => undefined;

  async listen(): Promise<string> {
    this.server = createServer((incoming, outgoing) => {
      const pieces: Buffer[] = [];
      incoming.on("data", (piece: Buffer) => pieces.push(piece));
      incoming.on("error", () => undefined);
      incoming.on("end", () => {
        const sent = Buffer.concat(pieces);
        const fate = this.plan(++this.bodies, sent.length);
        if (fate === "large") return void outgoing.writeHead(413, { "Content-Type": "text/html" }).end("<h1>413 Request Entity Too Large</h1>");
        if (fate === "before") return this.onKill();
        if (fate === "busy") return void outgoing.writeHead(503, { "Retry-After": "0" }).end();
        const { host: _, ...headers } = incoming.headers;
        const onward = request(`${test.service.origin}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
          if (fate === "after") this.onKill();
          if (fate === "lost") outgoing.destroy();
          outgoing.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(outgoing);
        });
        onward.end(sent);
      });
    });
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }
}

beforeAll(async () => {
  token = (await test.admin.call(api.admin.createToken, { body: { name: "watch", scopes: ["events:*"], days: 1 } })).token;
});
beforeEach(async () => {
  proxy = new Proxy();
  folder = join(scratch, `logs-${++folders}`);
  mkdirSync(folder);
  env = { XDG_CONFIG_HOME: scratch, XDG_STATE_HOME: join(scratch, `state-${folders}`), CORDUROY_TOKEN: token, CORDUROY_URL: await proxy.listen() };
});
afterEach(() => proxy.server.closeAllConnections());
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const watch = (...args: string[]): Running => startProgram(["watch", folder, ...args], { env });

/** Watches once, and dies when the proxy says so. */
async function once(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const running = watch("--once", ...args);
  proxy.onKill = () => void running.child.kill("SIGKILL");
  return running.ended;
}

/** What the lake holds of this test's files: the records' own bytes, in the order of their numbers. */
async function inLake(columns = "raw_data"): Promise<unknown[][]> {
  await test.service.ingest.receiver.spool.seal();
  while (test.service.ingest.backlog() > 0) await new Promise(setImmediate);
  const answer = await test.admin.raw("/v1/query", { sql: `select ${columns} from events where starts_with(file, '${folder}/') order by file, line, raw_data`, maxRows: 100_000 });
  const lines = (await answer.text()).trimEnd().split("\n").map((line) => JSON.parse(line) as { row?: unknown[]; end?: object });
  expect(lines.at(-1)).toHaveProperty("end");
  return lines.flatMap(({ row }) => (row === undefined ? [] : [row]));
}

describe("corduroy watch", () => {
  it("sends every byte and number of what is there, and nothing twice", async () => {
    writeFileSync(join(folder, "app.ndjson"), '{"user": "ines", "n": 1e5}\n\n{"user":"eli","text":"\\u0041"}\n{"unfinish');
    writeFileSync(join(folder, "pretty.json"), '[\n {\n  "user": "ada"\n },\n {"user": "bo"}\n]\n');
    writeFileSync(join(folder, "packed.json.gz"), gzipSync('{"user":"cy"}'));
    const first = await once();
    expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: "" });
    expect(first.stdout).toMatch(/^3 files watched, \d+ bytes sent in 3 bodies\.\n$/);
    const rows = [
      ["app.ndjson", 1, '{"user": "ines", "n": 1e5}'], ["app.ndjson", 3, '{"user":"eli","text":"\\u0041"}'], ["packed.json.gz", 1, '{"user":"cy"}'],
      ["pretty.json", 1, '{\n  "user": "ada"\n }'], ["pretty.json", 2, '{"user": "bo"}'],
    ].map(([file, ...rest]) => [join(folder, String(file)), ...rest]);
    expect(await inLake("file, line, raw_data")).toEqual(rows);
    expect((await once()).stdout).toContain("0 bytes sent in 0 bodies");
    appendFileSync(join(folder, "app.ndjson"), 'ed":true}\n');
    expect((await once()).stdout).toContain("1 body");
    expect(await inLake("file, line, raw_data")).toEqual(rows.toSpliced(2, 0, [join(folder, "app.ndjson"), 4, '{"unfinished":true}']));
  });

  it("keeps each record once, wherever it is killed and whatever becomes of the files", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ action: fc.constantFrom("append", "append", "rename", "copy", "pack", "rewrite"), fate: fc.constantFrom("pass", "before", "after", "busy", "lost"), at: fc.integer({ min: 1, max: 3 }), lines: fc.integer({ min: 1, max: 40 }) } as const), { minLength: 8, maxLength: 8 }), async (steps) => {
        folder = join(scratch, `logs-${++folders}`);
        mkdirSync(folder);
        const [app, other] = [join(folder, "app.log"), join(folder, "other.log")];
        const written: string[] = [];
        const line = (): string => {
          written.push(JSON.stringify({ user: "ines", no: written.length }));
          return `${written.at(-1)!}\n`;
        };
        const rotated = (n: number): string => `${app}.${n}`;
        writeFileSync(app, line());
        for (const [index, { action, fate, at, lines }] of steps.entries()) {
          if (action === "rename" && existsSync(app)) renameSync(app, rotated(written.length));
          if (action === "copy" && existsSync(app)) {
            copyFileSync(app, rotated(written.length));
            truncateSync(app);
          }
          const plain = Array.from({ length: written.length + 1 }, (_, n) => rotated(n)).find((path) => existsSync(path));
          if (action === "pack" && plain !== undefined) {
            writeFileSync(`${plain}.gz`, gzipSync(readFileSync(plain)));
            rmSync(plain);
          }
          if (action === "rewrite") writeFileSync(other, line());
          for (let n = 0; n < lines; n++) appendFileSync(app, line());
          const from = proxy.bodies;
          proxy.plan = (body) => (body === from + at ? fate : "pass");
          const { status, stderr } = await once();
          expect([0, null], stderr).toContain(status);
          // What is overwritten before anybody has read it is lost to everybody.
          if (status !== 0 && steps[index + 1]?.action === "rewrite") expect((await once()).status).toBe(0);
        }
        proxy.plan = () => "pass";
        expect((await once()).status).toBe(0);
        const found = (await inLake()).map(([raw]) => (JSON.parse(String(raw)) as { no: number }).no).sort((a, b) => a - b);
        expect(found).toEqual(written.map((_, no) => no));
      }),
      { seed: 20_261_118, numRuns: 3, endOnFailure: true },
    );
  }, 600_000);

  it("sends in smaller pieces what a proxy finds too large, each record once, and ends at one that is too large alone", async () => {
    const lines = Array.from({ length: 30 }, (_, no) => JSON.stringify({ user: "ines", no }));
    writeFileSync(join(folder, "app.log"), `${lines.join("\n")}\n`);
    writeFileSync(join(folder, "list.json"), `[${lines.join(",")}]`);
    // It dies between two pieces, and a body that was refused goes through the next time.
    proxy.plan = (body, bytes) => (bytes > 200 ? "large" : body > 8 ? "before" : "pass");
    expect((await once()).status).toBeNull();
    proxy.plan = (_, bytes) => (bytes > 400 ? "large" : "pass");
    expect(await once()).toMatchObject({ status: 0, stderr: "" });
    expect(await inLake("file, line, raw_data")).toEqual(["app.log", "list.json"].flatMap((name) => lines.map((line, index) => [join(folder, name), index + 1, line])));
    appendFileSync(join(folder, "app.log"), `${JSON.stringify({ user: "ines", no: 30, text: "x".repeat(400) })}\n${JSON.stringify({ user: "ines", no: 31 })}\n`);
    const ended = await once();
    expect(ended.stderr).toContain(`refuses record 31 of ${folder}/app.log`);
    expect(ended.status).toBe(2);
    proxy.plan = () => "pass";
    expect((await once()).status).toBe(0);
    expect(await inLake()).toHaveLength(62);
  });

  it("follows files while they grow and rotate, and ends cleanly when told", async () => {
    const app = join(folder, "app.log");
    writeFileSync(app, '{"no":0}\n');
    const running = watch("--interval", "50ms");
    const has = async (count: number): Promise<void> => {
      while ((await inLake()).length < count) expect(running.child.exitCode).toBeNull();
    };
    await has(1);
    appendFileSync(app, '{"no":1}\n{"no":');
    await has(2);
    renameSync(app, `${app}.1`);
    appendFileSync(`${app}.1`, "2}\n");
    writeFileSync(app, '{"no":3}');
    await has(4);
    running.child.kill("SIGTERM");
    const { status, stdout, stderr } = await running.ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("2 files watched");
    expect(await inLake("file, line, raw_data")).toEqual([[app, 1, '{"no":0}'], [app, 1, '{"no":3}'], [app, 2, '{"no":1}'], [app, 3, '{"no":2}']]);
  });

  it("sends a file of several sources so that each record tells its own, where the token may hand in any", async () => {
    const lines = ["<38>Nov 18 09:00:00 web1 sshd[811]: Failed password for root from 203.0.113.24 port 5022 ssh2", "<4>Nov 18 09:00:01 web1 kernel: eth0: link up", "no syslog, and no newline"];
    writeFileSync(join(folder, "messages"), lines.join("\n"));
    expect((await once()).stderr).toBe("");
    expect(await inLake("source, line, raw_data")).toEqual(["linux.auth", "syslog", "generic.text"].map((source, index) => [source, index + 1, lines[index]]));
  });

  it("takes files that say the same for several", async () => {
    for (const name of ["a.json", "b.json"]) writeFileSync(join(folder, name), '{"status":"ok"}\n');
    await once();
    rmSync(join(folder, "a.json"));
    writeFileSync(join(folder, "c.json"), '{"status":"ok"}\n');
    await once();
    expect((await inLake("file")).map(([file]) => String(file).slice(-6))).toEqual(["a.json", "b.json", "c.json"]);
  });

  it("says what the service refuses, and sends it once it may", async () => {
    writeFileSync(join(folder, "app.log"), '{"no":1}\n');
    const { token: narrow } = await test.admin.call(api.admin.createToken, { body: { name: "narrow", scopes: ["events:aws.cloudtrail"], days: 1 } });
    const refused = await runBeside(["watch", folder, "--once"], { env: { ...env, CORDUROY_TOKEN: narrow } });
    expect(refused.stderr).toContain(`The service refuses events of generic.json from ${folder}/app.log: You may not do this`);
    expect(refused.status).toBe(2);
    expect((await once()).status).toBe(0);
    expect(await inLake()).toEqual([['{"no":1}']]);
  });

  it("waits for a service that is away, and says so once", async () => {
    writeFileSync(join(folder, "app.log"), '{"no":1}\n');
    const port = new URL(env["CORDUROY_URL"]!).port;
    await new Promise((resolve) => proxy.server.close(resolve));
    const running = watch("--once");
    await running.prints(/There is no answer from .* It is tried again until it works\./);
    proxy.server.listen(Number(port), "127.0.0.1");
    const { status, stderr } = await running.ended;
    expect(stderr.split("\n").slice(1)).toEqual(["It goes on.", ""]);
    expect(status).toBe(0);
  });

  it("does not watch the same twice at the same time", async () => {
    writeFileSync(join(folder, "app.log"), '{"no":1}\n');
    proxy.plan = () => "before";
    const running = watch();
    proxy.onKill = () => undefined;
    while (proxy.bodies === 0) await new Promise(setImmediate);
    expect((await runBeside(["watch", folder, "--once"], { env })).stderr).toContain("What was sent of these paths is in use by process");
    running.child.kill("SIGKILL");
    await running.ended;
  });

  it.each([[["-"], "is no file or folder"], [["s3://bucket/x"], "sources add"], [["--source", "nothing.such", "."], "There is no source nothing.such"]])("refuses %j", async (args, message) => {
    const { status, stderr } = await runBeside(["watch", ...args], { env });
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

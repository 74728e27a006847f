import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { issueCertificate } from "@corduroy/testkit";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { serviceSnapshot } from "../../lake/index.ts";
import { EVERYTHING, query } from "../../search/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { lakeViews } from "../lakeViews.ts";
import { TooMuch } from "../receipt/receive.ts";
import type { Ingest } from "../service/service.ts";
import { running, settled } from "../service/test/running.ts";
import { listenerAddress } from "./address.ts";
import { startListeners, type Listeners } from "./startListeners.ts";
import { STREAM_LIMITS } from "./streams.ts";

const database = testDatabase();
const place = running(database);
const troubles: string[] = [];
let ingest: Ingest;
let listeners: Listeners | null = null;

const tls = issueCertificate("localhost");
/** Of util-linux. */
const LOGGER = "logger";

/** Opens listeners at these addresses, any port each. @returns the ports */
async function listen(addresses: readonly string[], { receiver, limits = STREAM_LIMITS, ca = null }: { receiver?: Parameters<typeof startListeners>[1]; limits?: typeof STREAM_LIMITS; ca?: string | null } = {}): Promise<number[]> {
  listeners = await startListeners(database.ctx(), receiver ?? ingest.receiver, addresses.map((each) => ({ address: listenerAddress(each), tls: each.startsWith("tls:") ? { ...tls, ca } : null })), (problem) => troubles.push(problem), limits);
  return listeners.states().map(({ url }) => Number(url.split(":").at(-1)));
}

async function connected(port: number): Promise<Socket> {
  const socket = connectTcp(port, "127.0.0.1").on("error", () => undefined).resume();
  await once(socket, "connect");
  return socket;
}

const ended = async (socket: Socket): Promise<void> => void (socket.closed || (await new Promise((resolve) => socket.once("close", resolve))));

const state = (n = 0): ReturnType<Listeners["states"]>[number] => listeners!.states()[n]!;
const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 20_000, interval: 5 });

/** Closes the listeners, and gives what is in the lake. */
async function inLake(sql: string): Promise<unknown[][]> {
  await listeners?.stop();
  await settled(ingest);
  const output = new PassThrough();
  const found = text(output);
  await query(await serviceSnapshot(database.db, ingest.lake), sql, { childEntry: place.queryEntry, views: lakeViews(), sight: EVERYTHING, format: "lines", output, maxRows: null, width: 80, forTerminal: false, mayStayRoot: false });
  output.end();
  return (await found).trim().split("\n").slice(1).map((line) => (JSON.parse(line) as { row: unknown[] }).row);
}

beforeAll(async () => {
  ingest = await place.start();
});
afterEach(async () => {
  await listeners?.stop();
  listeners = null;
  ingest.index.remove((await database.pool.query("SELECT path, source, kind FROM lake_parts")).rows as never);
  for (const table of ["lake_batches", "lake_parts"]) await database.pool.query(`DELETE FROM ${table}`).catch(() => undefined);
  troubles.length = 0;
});

const SSHD = "<38>1 2026-11-18T09:00:00Z web1 sshd 811 - - Failed password for root from 203.0.113.24 port 5022 ssh2";
const SU = "<86>Nov 18 09:00:01 su: pam_unix(su:session): session opened for user root by ines(uid=1000)";
const KERNEL = "<4>1 2026-11-18T09:00:02Z web1 kernel - - - line one\nline two";
const NUL = "<13>1 2026-11-18T09:00:03Z web1 app - - - before\0after";
const ACCESS = '<190>Nov 18 09:00:04 web1 nginx: 203.0.113.24 - - [18/Nov/2026:09:00:04 +0000] "GET / HTTP/1.1" 200 5 "-" "x"';
const counted = (...messages: (string | Buffer)[]): Buffer => Buffer.concat(messages.flatMap((each) => [Buffer.from(`${Buffer.byteLength(each)} `), Buffer.from(each)]));

describe("a listener for syslog", () => {
  it("takes messages over UDP, TCP and TLS, each one record with its bytes, of the source that it tells", async () => {
    const [udp, tcp, lines, secure] = await listen(["udp://127.0.0.1:0", "tcp://127.0.0.1:0", "tcp://127.0.0.1:0", "tls://127.0.0.1:0"]);
    const datagrams = createSocket("udp4");
    for (const each of [SSHD, `${KERNEL}\n`, "\n", '{"eventVersion":"1.10","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventTime":"2026-11-18T09:00:00Z","awsRegion":"eu-west-1","eventID":"1"}', SU]) await new Promise((sent) => datagrams.send(each, udp, "127.0.0.1", sent));
    await until(() => expect(state(0).received).toBe(4));
    datagrams.close();
    (await connected(tcp!)).end(counted(KERNEL, NUL, Buffer.from([0x3c, 0xff]), ACCESS));
    const long = `<13>1 2026-11-18T09:00:05Z web1 app - - - ${"x".repeat(1_000_000)}`;
    (await connected(lines!)).end(`${SU}\r\n${long}\n\n${long}${long}\n${SSHD}`);
    const client = connectTls({ port: secure!, host: "127.0.0.1", ca: tls.cert });
    await once(client, "secureConnect");
    client.end(counted(SSHD));
    await until(() => expect(listeners!.states().map(({ received }) => received)).toEqual([4, 4, 4, 1]));
    const rows = (await inLake("select source, coalesce(raw_data, '') from events")).map(([source, raw]) => [source, String(raw).length > 200 ? String(raw).length : raw]);
    const sorted = (all: unknown[][]): string[] => all.map((each) => JSON.stringify(each)).toSorted();
    expect(sorted(rows)).toEqual(sorted([
      ["linux.auth", SSHD], ["linux.auth", SSHD], ["linux.auth", SSHD], ["linux.auth", SU], ["linux.auth", SU], ["syslog", KERNEL], ["syslog", KERNEL], ["syslog", NUL], ["web.access", ACCESS], ["syslog", long.length],
      ["aws.cloudtrail", '{"eventVersion":"1.10","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventTime":"2026-11-18T09:00:00Z","awsRegion":"eu-west-1","eventID":"1"}'],
    ]));
    expect(await inLake("select reason from dead_letters order by all")).toEqual([["longer than 1 MiB (its first MiB is kept)"], ["not valid UTF-8"]]);
    // Nobody has said what host it is: it is whoever has sent it.
    expect(await inLake("select distinct host from linux_auth where program = 'su'")).toEqual([["127.0.0.1"]]);
    expect(await inLake("select distinct regexp_replace(file, '/[^/]*$', '') from events")).toEqual([["syslog://127.0.0.1"]]);
    expect(troubles).toEqual([]);
    const { rows: audited } = await database.pool.query<{ actor_name: string; verb: string; received: number }>("SELECT actor_name, detail->>'verb' AS verb, (detail->>'received')::int AS received FROM audit_log ORDER BY id");
    expect(audited.map(({ verb, received }) => [verb, received])).toEqual([...Array.from({ length: 4 }, () => ["listen", null]), ...audited.slice(4).map(({ received }) => ["end listening", received])]);
    expect(new Set(audited.map(({ actor_name: name }) => name))).toEqual(new Set(["syslog"]));
  });

  it("holds a sender off while nothing can be kept, and loses nothing", async () => {
    let pressed = true;
    let tries = 0;
    const [port] = await listen(["tcp://127.0.0.1:0"], {
      receiver: {
        hear: (heard) => {
          tries++;
          return pressed ? Promise.reject(new TooMuch("More was received than the workers have taken in.", 0)) : ingest.receiver.hear(heard);
        },
      },
    });
    const sender = await connected(port!);
    const filler = "x".repeat(4_000);
    const total = 8_000;
    let sent = 0;
    // As a real sender does, it stops when the system takes no more.
    const pump = (): void => {
      while (sent < total && sender.write(counted(`<13>1 2026-11-18T09:00:05Z web1 app - - - ${String(sent++)} ${filler}`)));
      if (sent === total) sender.end();
    };
    sender.on("drain", pump);
    pump();
    await until(() => expect(tries).toBeGreaterThan(20));
    const heldAt = sent;
    const before = tries;
    await until(() => expect(tries).toBeGreaterThan(before + 200));
    expect(sent).toBe(heldAt);
    expect(sent).toBeLessThan(total);
    expect([troubles.length, state().received]).toEqual([1, 0]);
    pressed = false;
    await until(() => expect(state()).toMatchObject({ received: total, connections: 0, problem: null, dropped: {} }));
    expect(await inLake("select count(*), count(distinct raw_data) from events")).toEqual([[total, total]]);
  });

  it("keeps what came before it was stopped, and tells of what is cut", async () => {
    const [port] = await listen(["tcp://127.0.0.1:0"]);
    const sender = await connected(port!);
    sender.write(Buffer.concat([counted(SSHD, KERNEL), Buffer.from("100 <34>cut")]));
    await until(() => expect(state().connections).toBe(1));
    expect(await inLake("select source from events order by all")).toEqual([["linux.auth"], ["syslog"]]);
    expect(await inLake("select reason, raw_data from dead_letters")).toEqual([["the connection ended inside this message", "<34>cut"]]);
    expect(state()).toMatchObject({ received: 3, connections: 0, unreadable: { "the connection ended inside this message": 1 } });
  });

  it("ends connections that lie, and takes what they sent before", async () => {
    const [port] = await listen(["tcp://127.0.0.1:0"]);
    const sender = await connected(port!);
    sender.write(Buffer.concat([counted(SSHD), Buffer.from("999999999 <34>x")]));
    await ended(sender);
    await until(() => expect(state()).toMatchObject({ received: 2, unreadable: { "the length before this message cannot be true: the connection was closed": 1 }, refused: { "not syslog any more": 1 } }));
    expect(await inLake("select reason, raw_data from dead_letters")).toEqual([["the length before this message cannot be true: the connection was closed", "999999999 <34>x"]]);
  });

  it("bounds connections, ends silent ones, and lets only whom it is told to", async () => {
    const limits = { ...STREAM_LIMITS, ofOneSender: 2 };
    const [port, closed, udp] = await listen(["tcp://127.0.0.1:0?from=127.0.0.0/8,::1", "tcp://127.0.0.1:0?from=192.0.2.0/24", "udp://127.0.0.1:0?from=192.0.2.7"], { limits });
    const stranger = await connected(closed!);
    await ended(stranger);
    expect(state(1).refused).toEqual({ "the sender is in none of the networks that may send": 1 });
    const datagrams = createSocket("udp4");
    datagrams.send(SSHD, udp, "127.0.0.1");
    await until(() => expect(state(2)).toMatchObject({ received: 0, dropped: { "the sender is in none of the networks that may send": 1 } }));
    datagrams.close();
    const two = [await connected(port!), await connected(port!)];
    await until(() => expect(state().connections).toBe(2));
    await ended(await connected(port!));
    expect(state().refused).toEqual({ "too many connections of one sender": 1 });
    for (const each of two) each.destroy();
    await listeners!.stop();

    const [quick] = await listen(["tcp://127.0.0.1:0"], { limits: { ...STREAM_LIMITS, idleMs: 200, patienceMs: 50 } });
    const [silent, inside, idle] = [await connected(quick!), await connected(quick!), await connected(quick!)];
    inside.write("100 <34>");
    idle.write(counted(SSHD));
    for (const each of [silent, inside, idle]) await ended(each);
    await until(() => expect(state()).toMatchObject({ received: 2, connections: 0, refused: { "silent within a message, or before the first": 2, "silent for too long": 1 } }));
  });

  it("asks for certificates where it has an authority, and speaks nothing older than TLS 1.2", async () => {
    const authority = issueCertificate("our own");
    const known = issueCertificate("web1", { name: "our own", certificate: authority });
    const [port] = await listen(["tls://127.0.0.1:0"], { ca: authority.cert });
    for (const change of [known, {}, issueCertificate("stranger"), { ...known, maxVersion: "TLSv1.1" as const, minVersion: "TLSv1" as const, ciphers: "DEFAULT@SECLEVEL=0" }]) {
      const client = connectTls({ port: port!, host: "127.0.0.1", ca: tls.cert, ...change }).on("error", () => undefined);
      client.on("secureConnect", () => client.end(counted(SSHD)));
      await ended(client.resume());
    }
    const plain = await connected(port!);
    plain.write(counted(SSHD));
    await ended(plain);
    await until(() => expect(state()).toMatchObject({ received: 1, connections: 0 }));
    expect(state().refused).toEqual({ "no TLS, or no certificate that is asked for": 4 });
  });

  it("says what it cannot listen on", async () => {
    const [port] = await listen(["tcp://127.0.0.1:0"]);
    await expect(startListeners(database.ctx(), ingest.receiver, [{ address: listenerAddress(`tcp://127.0.0.1:${port}`), tls: null }], () => undefined)).rejects.toThrow(`Syslog cannot be listened for on tcp://127.0.0.1:${port}: listen EADDRINUSE`);
  });

  it.skipIf(spawnSync(LOGGER, ["--version"]).status !== 0)("takes what logger of util-linux sends", async () => {
    const [udp, tcp] = await listen(["udp://127.0.0.1:0", "tcp://127.0.0.1:0"]);
    const logger = async (...args: string[]): Promise<void> => void (await once(spawn(LOGGER, ["--server", "127.0.0.1", "--tag", "deploy", ...args]), "close"));
    await logger("--udp", "--port", String(udp), "over udp");
    await logger("--tcp", "--port", String(tcp), "--octet-count", "--rfc5424", "with a count");
    await logger("--tcp", "--port", String(tcp), "--rfc3164", "at a newline");
    await until(() => expect([state(0).received, state(1).received]).toEqual([1, 2]));
    expect(await inLake("select program, message from syslog order by message")).toEqual([["deploy", "at a newline"], ["deploy", "over udp"], ["deploy", "with a count"]]);
  });
});

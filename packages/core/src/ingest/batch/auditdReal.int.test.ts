import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { beforeAll, describe, expect, it } from "vitest";
import { recogniseLine, sourceById, type JsonRecord } from "../../sources/index.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";
import { textEvents } from "./test/textEvents.ts";

const samples = process.env.CORDUROY_SAMPLES;
const folder = join(samples ?? "", "linux-auditd");
const auditd = sourceById("linux.auditd")!;

/** A record as go-libaudit reads it, which we know nothing of but its answers. */
interface GoldenRecord {
  "@timestamp": string;
  record_type: string;
  sequence: number;
  keys?: string[];
  data: Record<string, string>;
}

/** Broken lines of one file: the type of the record is all that is left of them. */
const BROKEN = /^type=UNKNOWN\[1329\] msg=/;

describe.skipIf(!samples)("real events of auditd", () => {
  const files = samples ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".log")).sort() : [];
  const events = files.flatMap((file) => textEvents(auditd, join(folder, file)).map((text) => ({ file, text })));
  const whole = events.filter(({ text }) => !BROKEN.test(text));
  let mapped: (Mapped & { file: string; text: string })[] = [];
  beforeAll(async () => {
    mapped = (await mapRecords(auditd, whole.map(({ text }) => text))).map((each, index) => ({ ...each, ...whole[index]! }));
  });

  it("are recognised without a label, each line of them", () => {
    expect(events.length - whole.length).toBe(15);
    expect(whole.flatMap(({ text }) => text.split("\n")).filter((line) => recogniseLine(line) !== auditd)).toEqual([]);
    expect(whole).toHaveLength(593);
    expect(whole.filter(({ text }) => text.includes("\n"))).toHaveLength(370);
  });

  it("give valid OCSF events", () => {
    expect(mapped.flatMap(({ ocsf, text }) => validate(ocsf).map((problem) => ({ text, problem })))).toEqual([]);
  });

  it("have ids of their own, but for four that stand in two files", () => {
    const texts = new Set(mapped.map(({ text }) => text));
    expect(mapped.length - texts.size).toBe(4);
    expect(new Set(mapped.map(({ columns }) => columns["event_uid"])).size).toBe(texts.size);
  });

  describe.each(samples ? readdirSync(join(folder, "go-libaudit")).filter((name) => name.endsWith(".golden")) : [])("%s", (golden) => {
    const records = JSON.parse(readFileSync(join(folder, "go-libaudit", golden), "utf8")) as GoldenRecord[];
    const own = (): typeof mapped => mapped.filter(({ file }) => file === `go-libaudit/${golden.replace(".golden", "")}`);
    const ofSequence = (sequence: number): JsonRecord => own().find(({ columns }) => String(columns["audit_id"]).endsWith(`:${sequence}`))!.columns;

    it("is joined as another reader joins it", () => {
      const types = new Map<number, string[]>();
      for (const { sequence, record_type } of records) types.set(sequence, [...(types.get(sequence) ?? []), record_type.toUpperCase()]);
      const read = own().map(({ columns }) => [Number(String(columns["audit_id"]).split(":")[1]), columns["record_types"]] as const);
      expect(Object.fromEntries(read)).toEqual(Object.fromEntries(types));
      for (const record of records) expect(Date.parse(`${String(ofSequence(record.sequence)["time"]).replace(" ", "T")}Z`)).toBe(Date.parse(record["@timestamp"]));
    });

    it("is decoded as another reader decodes it", () => {
      for (const { sequence, record_type, data, keys } of records) {
        const columns = ofSequence(sequence);
        const read: Record<string, unknown> = {};
        for (const [name, value] of Object.entries(data)) {
          const ours = valueOf(columns, record_type, name, value);
          if (ours !== undefined) read[name] = ours;
        }
        expect({ sequence, read }).toEqual({ sequence, read: Object.fromEntries(Object.entries(data).filter(([name]) => name in read)) });
        if (keys) expect(columns["keys"]).toEqual(keys);
      }
    });
  });

  const read = (file: string, id: string): Mapped => mapped.find((each) => each.file.endsWith(file) && each.columns["audit_id"] === id)!;

  it("say what they say: a command behind a shell", () => {
    const { columns, ocsf } = read("audit_enriched.log", "1783414661.350:487");
    expect(columns).toMatchObject({
      time: "2026-07-07 08:57:41.35", operation: "execve", outcome: "success", actor_name: "root", entity_key: "user:root", resource: "/usr/bin/bash", account: null, address: null,
      argv: ["/bin/sh", "-c", "grep -c . /etc/hostname"], keys: ["specimen_exec"], cwd: "/root", ppid: "2176", ses: "8",
    });
    expect(ocsf).toMatchObject({ class_uid: 1007, activity_id: 1, process: { pid: 2221, cmd_line: "/bin/sh -c grep -c . /etc/hostname" } });
  });

  it("say what they say: a key that sshd refuses", () => {
    const { columns } = read("audit_enriched.log", "1783414613.119:441");
    expect(columns).toMatchObject({ time: "2026-07-07 08:56:53.119", operation: "USER_AUTH", outcome: "failed", entity_key: "address:172.23.112.1", address: "172.23.112.1", target_user: "root", resource: "root", class_uid: 3002 });
  });

  it("say what they say: a user who joins a group", () => {
    const { columns, ocsf } = read("audit-rhel7.part1.log", "1481076992.534:397");
    expect(columns).toMatchObject({ time: "2016-12-07 02:16:32.534", operation: "USER_MGMT", outcome: "success", entity_key: "role:root", grp: "google-sudoers", acct: "some_user", resource: "some_user" });
    expect(ocsf).toMatchObject({ class_uid: 3006, activity_id: 3, group: { name: "google-sudoers" }, user: { name: "some_user" } });
  });

  it("say what they say: a file that SELinux does not let read", () => {
    const { columns, ocsf } = read("test2.log", "1170021493.977:293");
    expect(columns).toMatchObject({ operation: "open", outcome: "EACCES", entity_key: "role:uid 890", resource: "/var/spool/postfix/maildrop", comm: "pickup", auid: "4294967295" });
    expect(ocsf).toMatchObject({ class_uid: 1001, activity_id: 2, status_id: 2 });
  });
});

/** What we have read of a record under go-libaudit's name for it; undefined where it tells another thing by that name, or one that has no column. */
function valueOf(columns: JsonRecord, type: string, name: string, theirs: string): unknown {
  const at = (list: string): unknown => (columns[list] as unknown[] | null)?.includes(theirs) === true ? theirs : (columns[list] ?? null);
  if (type === "path") return name === "name" ? at("path_names") : name === "nametype" ? at("path_types") : undefined;
  if (type === "execve") return /^a[0-7]$/.test(name) ? at(name) : name === "argc" ? String((columns["argv"] as unknown[]).length) : undefined;
  if (type === "avc") return undefined;
  if (name === "result") return (columns["status_id"] === 1 ? "success" : columns["status_id"] === 2 ? "fail" : undefined) ?? null;
  if (name === "exit" && columns["success"] === "no") return columns["outcome"];
  if (/^a[0-3]$/.test(name)) return at(name);
  const column = ({ syscall: "syscall", arch: "arch" } as Record<string, string>)[name] ?? name;
  if (!["syscall", "arch", "pid", "ppid", "auid", "uid", "gid", "euid", "tty", "ses", "comm", "exe", "exit", "cwd", "proctitle", "acct", "op", "addr", "hostname", "terminal", "unit", "cmd"].includes(column)) return undefined;
  // A record of seccomp names a system call without being one.
  if (type === "seccomp" && (name === "syscall" || name === "arch")) return undefined;
  const value = columns[column];
  return theirs === "unset" && value === "4294967295" ? "unset" : value;
}

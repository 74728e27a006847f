import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { beforeAll, describe, expect, it } from "vitest";
import { recogniseLine, sourceById, type JsonRecord } from "../../sources/index.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

const samples = process.env.CORDUROY_SAMPLES;

/** Read off the lines by eye: the line of the file, and what it says. The year of lines without one is that before the file's, which `mapRecords` says was written on the first of January 2024. */
const EXPECTATIONS: Readonly<Record<string, Readonly<Record<string, JsonRecord>>>> = {
  "linux-sshd": {
    "elastic-examples/auth.part1.log 10": { time: "2023-03-27 13:09:37", host: "ip-10-77-20-248", program: "sudo", pid: null, event: "command", class_uid: 1007, activity_id: 1, status_id: 1, actor_name: "ubuntu", entity_key: "user:ip-10-77-20-248:ubuntu", target_user: "root", resource: "root", address: null, tty: "pts/0", cwd: "/home/ubuntu", command: "/usr/bin/curl -L -O https://artifacts.elastic.co/downloads/beats/filebeat/filebeat-5.2.2-amd64.deb" },
    "elastic-examples/auth.part1.log 2302": { time: "2023-03-29 23:18:33", program: "sshd", pid: "6402", event: "failed", class_uid: 3002, status_id: 2, outcome: "failed", count: 5, actor_name: "root", method: "password", address: "218.60.136.106", port: "56338", entity_key: "address:218.60.136.106", resource: "ip-10-77-20-248" },
    "beats/system_auth_test_test.log 1": { time: "2023-02-21 21:54:44", host: "localhost", event: "accepted", activity_id: 1, status_id: 1, outcome: "success", actor_name: "vagrant", method: "publickey", access_key: "39:33:99:e9:a0:dc:f2:33:a3:e5:72:3b:7c:3a:56:84", address: "10.0.2.2", port: "63673", entity_key: "user:localhost:vagrant" },
    "beats/system_auth_test_test.log 10": { time: "2023-02-22 11:47:05", program: "useradd", event: "new user", class_uid: 3001, activity_id: 1, target_user: "apache", uid: "48", gid: "48", home: "/usr/share/httpd", shell: "/sbin/nologin" },
  },
  "nginx-access": {
    "elastic-examples/apache_logs.part1.log 1": { time: "2015-05-17 10:05:03", class_uid: 4002, activity_id: 3, operation: "GET", address: "83.149.9.216", entity_key: "address:83.149.9.216", outcome: "success", status: "200", bytes: "203023", resource: "/presentations/logstash-monitorama-2013/images/kibana-search.png", referer: "http://semicomplete.com/presentations/logstash-monitorama-2013/", query: null },
    "crowdsec/actual-budget-whitelist/actual-budget-logs.log 3": { time: "2025-07-18 18:14:47", operation: "GET", address: "2001:db8:1:2:3:4:5:6", status: "200", bytes: "555", http_version: "HTTP/2.0", resource: "/data/migrations/1555786194328_remove_category_group_unique.sql" },
    "crowdsec/cve_2022_37042/cve_2022_37042.log 2": { time: "2020-01-04 07:25:02", operation: "POST", activity_id: 6, address: "5.5.8.56", status_id: 2, outcome: "401", resource: "/service/extension/backup/mboximport", query: "account-name=admin&account-status=1&ow=cmd", user_agent: "Go-http-client/1.1" },
  },
};

/** How many lines are of which source: all of them, but for those of a firewall that tells of sshd. */
const COUNTS: Readonly<Record<string, Record<string, number>>> = { "linux-sshd": { "linux.auth": 4525, syslog: 3 }, "nginx-access": { "web.access": 5503 } };

describe.skipIf(!samples).each(Object.keys(COUNTS))("real lines of %s", (folder) => {
  const bySource = new Map<string, { place: string; line: string }[]>();
  for (const { place, line } of samples ? linesBelow(join(samples, folder)) : []) {
    const { id } = recogniseLine(line);
    bySource.set(id, [...(bySource.get(id) ?? []), { place, line }]);
  }
  const mapped = new Map<string, { line: string; event: Mapped }>();

  beforeAll(async () => {
    for (const [id, own] of bySource) {
      const events = await mapRecords(sourceById(id)!, own.map(({ line }) => line));
      events.forEach((event, index) => mapped.set(own[index]!.place, { line: own[index]!.line, event }));
    }
  });

  it("tell their source", () => {
    expect(Object.fromEntries([...bySource].map(([id, own]) => [id, own.length]))).toEqual(COUNTS[folder]);
  });

  it("validate with zero problems", () => {
    expect([...mapped].flatMap(([place, { event }]) => validate(event.ocsf).map((problem) => ({ place, problem })))).toEqual([]);
  });

  it("say what they say", () => {
    for (const [place, columns] of Object.entries(EXPECTATIONS[folder]!)) expect({ place, ...mapped.get(place)?.event.columns }).toMatchObject(columns);
  });

  it("hold the words that rules look for: what a line does not hold is not asked of it", () => {
    const words = [...mapped.values()].map(({ line, event }) => ({ line: line.toLowerCase(), event: event.columns["event"] }));
    expect(words.filter(({ line, event }) => typeof event === "string" && !line.includes(event))).toEqual([]);
  });
});

function linesBelow(folder: string): { place: string; line: string }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".log"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").map((line, index) => ({ place: `${name} ${index + 1}`, line })))
    .filter(({ line }) => line.trim() !== "");
}

import { expect, it } from "vitest";
import { joins, recognises } from "./lines.ts";

const record = (type: string, before = ""): string => `${before}type=${type} msg=audit(1789000000.125:9001): pid=1`;

it("recognises records, also with a host's name or a syslog header before them", () => {
  const headers = ["", "node=web-1.corp.example ", "Sep 10 01:06:40 web-1 audispd: ", "<13>1 2026-09-10T01:06:40.125Z web-1 audisp-syslog 77 - - ", "<37>Sep  1 01:06:40 web-1 audispd[77]: node=web-1 "];
  expect(headers.filter((before) => !recognises(record("SYSCALL", before)))).toEqual([]);
  expect(recognises(record("UNKNOWN[1334]"))).toBe(true);
});

it("takes no line of another log that quotes one", () => {
  const quoted = [`203.0.113.10 - - [14/May/2024:09:30:00 +0200] "GET /?q=${record("SYSCALL")} HTTP/1.1" 200 1`, `user=x ${record("SYSCALL")}`, record("syscall"), "type=SYSCALL msg=audit(x): pid=1", "type=UNKNOWN[1329] msg=g", `x${record("SYSCALL")}`, ""];
  expect(quoted.filter(recognises)).toEqual([]);
  expect(quoted.map(joins)).toEqual(quoted.map(() => null));
});

it("knows which event a record is of: of that host, time and number", () => {
  const lines = [record("SYSCALL"), record("PATH", "node=a "), record("PATH", "node=b "), record("CWD", "Sep 10 01:06:40 a audispd: "), record("CWD", "Sep 10 01:06:41 a audispd: node=b ")];
  expect(lines.map((line) => joins(line)!.event)).toEqual([" 1789000000.125:9001", "a 1789000000.125:9001", "b 1789000000.125:9001", "a 1789000000.125:9001", "b 1789000000.125:9001"]);
});

it("knows the records behind which none comes", () => {
  const isLast = (type: string): boolean => joins(record(type))!.last;
  expect(["EOE", "PROCTITLE", "UNKNOWN[1327]", "USER_AUTH", "CRED_ACQ", "ADD_USER", "SERVICE_STOP", "DAEMON_END", "ANOM_LOGIN_FAILURES", "CRYPTO_SESSION", "KERNEL", "USER"].filter((type) => !isLast(type))).toEqual([]);
  expect(["SYSCALL", "EXECVE", "PATH", "CWD", "SOCKADDR", "AVC", "LOGIN", "CONFIG_CHANGE", "ANOM_PROMISCUOUS", "ANOM_ABEND", "KERN_MODULE", "NETFILTER_CFG", "MAC_IPSEC_EVENT", "UNKNOWN[1334]", "TTY", "BPF"].filter(isLast)).toEqual([]);
  expect([joins(record("EOE")), joins(record("PROCTITLE"))]).toMatchObject([{ empty: true }, { event: " 1789000000.125:9001" }]);
});

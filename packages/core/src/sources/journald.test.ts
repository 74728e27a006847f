import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recognise } from "./index.ts";
import { journalLine } from "./journald.ts";

const entry = { __REALTIME_TIMESTAMP: "1715679000000123", _HOSTNAME: "web1", SYSLOG_IDENTIFIER: "sshd", _PID: "4711", SYSLOG_FACILITY: "10", PRIORITY: "6", MESSAGE: "Accepted password for ines from 203.0.113.10 port 50022 ssh2" };
const line = "<86>1 2024-05-14T09:30:00.000123Z web1 sshd 4711 - - Accepted password for ines from 203.0.113.10 port 50022 ssh2";

describe("journalLine", () => {
  it("writes an entry as a line of RFC 5424", () => {
    expect(journalLine(entry)).toBe(line);
  });

  it("reads a message that is a list of bytes", () => {
    expect(journalLine({ ...entry, MESSAGE: [...Buffer.from("a\tÄ\nb")] })).toBe(`${line.slice(0, line.indexOf("- - ") + 4)}a\tÄ#012b`);
  });

  it("says what is missing, and takes the first of many", () => {
    expect(journalLine({ __REALTIME_TIMESTAMP: "1000000", MESSAGE: "x" })).toBe("<30>1 1970-01-01T00:00:01.000000Z - - - - - x");
    expect(journalLine({ __REALTIME_TIMESTAMP: "1000000", _COMM: ["my prog", "other"], MESSAGE: ["x", "y"] })).toBe("<30>1 1970-01-01T00:00:01.000000Z - my_prog - - - x");
  });

  it("leaves alone what is no entry, or holds no message", () => {
    for (const record of [{}, { MESSAGE: "x" }, { ...entry, MESSAGE: null }, { ...entry, MESSAGE: [] }, { ...entry, MESSAGE: [300] }, { ...entry, __REALTIME_TIMESTAMP: "soon" }]) expect(journalLine(record)).toBeUndefined();
  });

  it("gives a line of syslog whatever stands in the fields", () => {
    const value = fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.jsonValue({ maxDepth: 1 }));
    const any = fc.record({ MESSAGE: fc.string({ unit: "binary", maxLength: 12 }), __REALTIME_TIMESTAMP: fc.maxSafeNat().map((micros) => String(micros)), _HOSTNAME: value, SYSLOG_IDENTIFIER: value, _PID: value, PRIORITY: value, SYSLOG_FACILITY: value });
    fc.assert(fc.property(any, (record) => ["syslog", "linux.auth"].includes(recognise(record).source.id)));
  });
});

it("an entry is of the source that its line is of", () => {
  expect(recognise(entry)).toMatchObject({ source: { id: "linux.auth" }, text: line });
  expect(recognise({ ...entry, SYSLOG_IDENTIFIER: "kernel" }).source.id).toBe("syslog");
});

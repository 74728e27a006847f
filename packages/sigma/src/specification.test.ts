import { describe, expect, test } from "vitest";
import { matches } from "../test/matching.ts";

/** Examples of the Sigma 2.1 specification, one by one, and the places where it is silent (docs/sigma.md). */
const examples: readonly (readonly [what: string, detection: string, hits: readonly unknown[], misses: readonly unknown[]])[] = [
  ["values are case-insensitive strings", "s: {Image: 'C:\\Windows\\System32\\whoami.exe'}\ncondition: s", [{ Image: "c:\\windows\\SYSTEM32\\WHOAMI.exe" }], [{ Image: "whoami.exe" }, {}]],
  ["? is one character", "s: {p: 'prog?.exe'}\ncondition: s", [{ p: "progA.exe" }, { p: "prog😀.exe" }, { p: "prog\n.exe" }], [{ p: "prog.exe" }, { p: "progAB.exe" }]],
  ["* is any run", "s: {p: 'antivirus_V*.exe'}\ncondition: s", [{ p: "antivirus_V1.exe" }, { p: "antivirus_V21.2.1.exe" }, { p: "antivirus_V.exe" }, { p: "antivirus_V\n.exe" }], [{ p: "antivirusxV1.exe" }, { p: "antivirus_V1.exe " }]],
  ["a plain backslash", "s: {p: 'a\\b'}\nt: {p: 'a\\\\b'}\ncondition: s and t", [{ p: "a\\b" }], [{ p: "a\\\\b" }]],
  ["escaped wildcards", "s: {p: 'a\\*\\?'}\ncondition: s", [{ p: "a*?" }], [{ p: "abc" }]],
  ["a backslash and a wildcard", "s: {p: 'a\\\\*'}\ncondition: s", [{ p: "a\\" }, { p: "a\\bc" }], [{ p: "a*" }]],
  ["a backslash and a plain asterisk", "s: {p: 'a\\\\\\*'}\ncondition: s", [{ p: "a\\*" }], [{ p: "a\\b" }]],
  ["three and four backslashes are two", "s: {p: 'a\\\\\\b'}\nt: {p: 'a\\\\\\\\b'}\ncondition: s and t", [{ p: "a\\\\b" }], [{ p: "a\\b" }]],
  ["a list of strings searches the event", "k: [EVILSERVICE, svchost.exe -n evil]\ncondition: k", [{ a: { b: ["run EvilService now"] } }, { x: "svchost.exe -n evil" }], [{ evilservice: 1 }, { x: "svchost" }]],
  ["a list of maps is or", "s:\n- {Image|endswith: '\\example.exe'}\n- {Description|contains: Test executable}\ncondition: s", [{ Image: "c:\\EXAMPLE.exe" }, { Description: "a test executable!" }], [{ Image: "example.exe" }]],
  ["a map is and, a list of values or", "s: {EventLog: Security, EventID: [517, 1102]}\ncondition: s", [{ EventLog: "security", EventID: 517 }, { EventLog: "Security", EventID: "1102" }], [{ EventLog: "Security", EventID: 5 }, { EventID: 517 }]],
  ["null against ''", "s: {f: null}\ncondition: s", [{}, { f: null }, { f: ["a", null] }], [{ f: "" }, { f: [] }, { f: {} }, { f: "null" }]],
  ["'' against null", "s: {f: ''}\ncondition: s", [{ f: "" }, { f: ["a", ""] }], [{}, { f: null }, { f: " " }]],
  ["not null", "s: {EventID: 4738}\nfilter: {PasswordLastSet: null}\ncondition: s and not filter", [{ EventID: 4738, PasswordLastSet: 1 }], [{ EventID: 4738 }, { EventID: 4738, PasswordLastSet: null }]],
  ["exists", "s: {f|exists: true}\ncondition: s", [{ f: 1 }, { f: null }, { f: {} }, { f: [] }], [{ g: 1 }, {}]],
  ["exists: false", "s: {f|exists: false}\ncondition: s", [{}], [{ f: null }]],
  ["keywords with |all", "k:\n  '|all': [OabVirtualDirectory, ' -ExternalUrl ']\ncondition: k", [{ a: "set-OabVirtualDirectory", b: "x -ExternalUrl y" }], [{ a: "OabVirtualDirectory" }]],
  ["keyword and field in one list", "k: [one, {f: two}]\ncondition: k", [{ x: "ONE" }, { f: "two" }], [{ x: "two" }]],
  ["contains, startswith, endswith", "s: {a|contains: x, b|startswith: x, c|endswith: x}\ncondition: s", [{ a: "1X1", b: "x1", c: "1x" }], [{ a: "1x1", b: "1x", c: "1x" }]],
  ["contains|all", "s: {c|contains|all: [' -f ', ' -o ']}\ncondition: s", [{ c: "tar -o x -f y" }, { c: ["tar -o ", " -f "] }], [{ c: "tar -f y" }]],
  ["cased", "s: {f|cased: Foo}\nt: {g|contains|cased: B}\ncondition: s and t", [{ f: "Foo", g: "aBc" }], [{ f: "foo", g: "aBc" }, { f: "Foo", g: "abc" }]],
  ["neq", "s: {f|neq: [a, 5]}\ncondition: s", [{ f: "b" }, {}, { f: null }], [{ f: "A" }, { f: 5.0 }, { f: ["b", "a"] }]],
  ["contains|neq", "s: {f|contains|neq: a}\ncondition: s", [{ f: "b" }], [{ f: "cat" }]],
  ["windash", "s: {c|windash|contains: ' -f '}\ncondition: s", [{ c: "x -f y" }, { c: "x /f y" }, { c: "x \u2013f y" }, { c: "x \u2014f y" }, { c: "x \u2015f y" }], [{ c: "x +f y" }]],
  ["re is case-sensitive and searched anywhere", "s: {f|re: 'fo+[a-z]'}\ncondition: s", [{ f: "xfooby" }], [{ f: "xFOOby" }, { f: "fo1" }]],
  ["re|i, re|m, re|s", "s: {a|re|i: FOO, b|re|m: '^x$', c|re|s: 'a.b'}\ncondition: s", [{ a: "foo", b: "1\nx\n2", c: "a\nb" }], [{ a: "foo", b: "1x", c: "a\nb" }]],
  ["without m and s", "s: {b|re: '^x$'}\nt: {c|re: 'a.b'}\ncondition: s or t", [{ b: "x" }, { c: "a b" }], [{ b: "1\nx" }, { c: "a\nb" }]],
  ["base64", "s: {f|base64|contains: foobar}\ncondition: s", [{ f: "xZm9vYmFyx" }], [{ f: "foobar" }]],
  ["base64offset", "s: {f|base64offset|contains: foobar}\ncondition: s", ["foobar", "~foobar", "~ofoobar", "~~ofoobaro", "~foobaro", "~ofoobaro"].map((text) => ({ f: Buffer.from(text).toString("base64") })), [{ f: Buffer.from("fobar").toString("base64") }]],
  ["wide, utf16le, utf16be, utf16", "a: {a|wide|base64offset|contains: cmd}\nb: {b|utf16le|base64: cmd}\nc: {c|utf16be|base64: cmd}\nd: {d|utf16|base64: cmd}\ncondition: all of them",
    [{ a: Buffer.from("run cmd", "utf16le").toString("base64"), b: "YwBtAGQA", c: "AGMAbQBk", d: "//5jAG0AZAA=" }], [{ a: "cmd", b: "YwBtAGQA", c: "AGMAbQBk", d: "//5jAG0AZAA=" }]],
  ["lt, lte, gt, gte", "s: {a|lt: 5, b|lte: 5, c|gt: 5, d|gte: 5}\ncondition: s", [{ a: 4.9, b: 5, c: "6", d: 5 }], [{ a: 5, b: 5, c: 6, d: 5 }, { a: 1, b: 1, c: "nan", d: 5 }, { a: 1, b: 1, c: "1_000", d: 5 }, { a: 1, b: 1, c: "inf", d: 9 }]],
  ["a range from two comparisons", "s: {p|gte: 1024, p|lt: 2000}\ncondition: s", [{ p: 1024 }, { p: [1, 5000] }], [{ p: 2000 }, { p: 80 }]],
  ["integers compare exactly", "s: {n|gt: 9007199254740992}\ncondition: s", ['{"n": 9007199254740993}', '{"n": "9007199254740993"}'], ['{"n": 9007199254740992}']],
  ["numbers are equal in any notation", "s: {n: 100}\ncondition: s", ['{"n": 100}', '{"n": 1e2}', '{"n": "100.00"}', '{"n": "1E+2"}'], ['{"n": "0100"}', '{"n": 100.5}', '{"n": " 100"}']],
  ["numbers are exact beyond 2^53", "s: {n: 9007199254740993}\ncondition: s", ['{"n": 9007199254740993}'], ['{"n": 9007199254740992}', '{"n": 9007199254740994}']],
  ["a quoted number is text", "s: {n: '100'}\ncondition: s", ['{"n": 100}'], ['{"n": 1e2}', '{"n": "100.0"}']],
  ["booleans are text", "s: {b: true}\ncondition: s", [{ b: true }, { b: "TRUE" }], [{ b: 1 }]],
  ["time parts", "s: {t|hour|gte: 22}\nw: {t|week: 1}\nm: {t|month: 12}\nd: {t|day: 31}\ny: {t|year: 2024}\ni: {t|minute: 30}\ncondition: all of them", [{ t: "2024-12-31T23:30:00Z" }, { t: "2024-12-31 23:30:12.5" }, { t: "2025-01-01T00:30:00+01:00" }, { t: "2024-12-31T18:30:00-0500" }], [{ t: "2024-12-31T21:30:00Z" }, { t: "2024-12-31" }, { t: 1735687800 }]],
  ["cidr v4", "s: {ip|cidr: [192.168.0.0/16, 10.0.0.0/9]}\ncondition: s", [{ ip: "192.168.3.4" }, { ip: ["x", "10.127.255.255"] }], [{ ip: "10.128.0.0" }, { ip: "192.168.3.4:80" }, { ip: "192.168.03.4" }]],
  ["cidr v6", "s: {ip|cidr: '2001:db8::/33'}\ncondition: s", [{ ip: "2001:DB8::1" }, { ip: "2001:0db8:0:0:0:0:10.0.0.1" }, { ip: "2001:db8::1%eth0" }], [{ ip: "2001:db8:8000::" }, { ip: "2001:db8" }, { ip: "10.0.0.1" }]],
  ["fieldref", "s: {a|fieldref: b.c}\ncondition: s", [{ a: "X", b: { c: "x" } }, { a: ["1", "2"], b: [{ c: 2 }] }], [{ a: "x" }, { a: "x", b: "x" }]],
  ["fieldref with positions and neq", "s: {a|fieldref|endswith: b, a|fieldref|neq: c}\ncondition: s", [{ a: "foobar", b: "BAR", c: "x" }, { a: "bar", b: "bar" }], [{ a: "bar", b: "bar", c: "bar" }]],
  ["dotted paths cross arrays", "s: {a.b.c: x}\ncondition: s", [{ a: { b: { c: "x" } } }, { a: [{ b: [[{ c: "y" }], { c: ["z", ["x"]] }] }] }, { "a.b.c": "x" }], [{ a: { "b.c": "x" } }, { "a.b": { c: "x" } }, { a: { b: { c: { d: "x" } } } }]],
  ["objects are seen by exists only", "s: {a: '*'}\ne: {b|exists: true}\ncondition: s or e", [{ a: "" }, { b: {} }], [{ a: {} }, { a: { x: 1 } }, { a: [] }]],
  ["the first of repeated keys counts", "s: {a: 1}\ncondition: s", ['{"a": 1, "a": 2}'], ['{"a": 2, "a": 1}']],
  ["keywords search repeated keys too", "k: [two]\ncondition: k", ['{"a": "one", "a": {"b": "Two"}}'], ['{"two": 1}']],
  ["numbers as keys are keys, not positions", "s: {a.0: x}\ncondition: s", [{ a: { 0: "x" } }], [{ a: ["x"] }]],
  ["a list of conditions is or", "s: {a: 1}\nt: {b: 1}\ncondition: [s, t]", [{ a: 1 }, { b: 1 }], [{}]],
  ["precedence: or, and, not", "a: {a: 1}\nb: {b: 1}\nc: {c: 1}\ncondition: a or not b and c", [{ a: 1, b: 1 }, { c: 1 }], [{ b: 1, c: 1 }, {}]],
  ["1 of and all of", "sel_a: {a: 1}\nsel_b: {b: 1}\n_x: {x: 1}\ncondition: 1 of sel_* and not all of them", [{ a: 1 }, { b: 1, x: 1 }], [{ a: 1, b: 1 }, { x: 1 }]],
  ["them leaves out underscores", "_x: {x: 1}\ny: {y: 1}\ncondition: 1 of them", [{ y: 1 }], [{ x: 1 }]],
];

const nested = (inner: string): string => `${'{"needle": ['.repeat(10_000)}${inner}${"]}".repeat(10_000)}`;

describe("the specification's examples", () => {
  test.each(examples)("%s", async (_, detection, hits, misses) => {
    expect(await matches(detection, [...hits, ...misses])).toEqual([...hits.map(() => true), ...misses.map(() => false)]);
  });

  test("deeply nested events are searched in linear time", async () => {
    expect(await matches("k: [needle]\ncondition: k", [nested('"a \\"NEEDLE\\""'), nested('1, true, "", null')])).toEqual([true, false]);
  });

  test("placeholders", async () => {
    const options = { placeholders: { Servers: ["srv*", "db?"], Admins: ["root"], port: [22] } };
    expect(await matches("s: {h|expand: '%Servers%'}\ncondition: s", [{ h: "SRV1" }, { h: "db2" }, { h: "%Servers%" }], options)).toEqual([true, true, false]);
    expect(await matches("s: {h|expand: '\\%plain%Admins%'}\ncondition: s", [{ h: "%plainroot" }], options)).toEqual([true]);
    expect(await matches("s: {h|contains|expand: ':%port%'}\ncondition: s", [{ h: "host:22/x" }], options)).toEqual([true]);
    expect(await matches("s: {h: '%Admins%'}\ncondition: s", [{ h: "%admins%" }, { h: "root" }], options)).toEqual([true, false]);
  });

  test("several names for one field are taken together", async () => {
    const options = { fields: { User: ["user", "account.name"], Old: "new" } };
    expect(await matches("s: {User: bob}\ncondition: s", [{ user: "bob" }, { account: { name: "BOB" } }, { User: "bob" }], options)).toEqual([true, true, false]);
    expect(await matches("s: {User: null}\ncondition: s", [{ user: "bob" }, {}], options)).toEqual([false, true]);
    expect(await matches("s: {User|fieldref: Old}\ncondition: s", [{ account: { name: "x" }, new: "X" }], options)).toEqual([true]);
  });
});

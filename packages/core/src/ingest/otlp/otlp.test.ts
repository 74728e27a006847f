import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Invalid } from "../../kernel/index.ts";
import { recognise } from "../../sources/index.ts";
import { TooLarge } from "../receipt/receive.ts";
import { flatten } from "./flatten.ts";
import { LOGS_REQUEST } from "./logsRequest.ts";
import { decodeMessage } from "./message.ts";

const bytes = (number: number, value: Uint8Array): Uint8Array => new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(value).finish();
const text = (value: string): Uint8Array => bytes(1, Buffer.from(value));
/** A log record with this body, in a request. */
const requestWith = (body: Uint8Array): Uint8Array => bytes(1, bytes(2, bytes(2, bytes(5, body))));
/** An AnyValue: a list of one list of one list … */
const nested = (depth: number): Uint8Array => Array.from({ length: depth }).reduce<Uint8Array>((inner) => bytes(5, bytes(1, inner)), text("x"));

describe("protobuf", () => {
  it("is read as JSON is: fields that nobody knows are passed over, also known ones of another type", () => {
    const record = Buffer.concat([
      new BinaryWriter().tag(1, WireType.Bit64).fixed64("1715671800250123456").tag(2, WireType.Varint).uint32(9).tag(9, WireType.LengthDelimited).bytes(Buffer.from("4bf92f3577b34da6a3ce929d0e0e4736", "hex")).finish(),
      new BinaryWriter().tag(3, WireType.Varint).uint32(7).tag(99, WireType.Bit32).fixed32(5).finish(),
      bytes(5, text("hello")),
      bytes(6, Buffer.concat([text("n"), bytes(2, new BinaryWriter().tag(3, WireType.Varint).int64("-9007199254740993").finish())])),
      bytes(6, Buffer.concat([text("raw"), bytes(2, bytes(7, Buffer.from([255, 0])))])),
    ]);
    const request = decodeMessage(LOGS_REQUEST, bytes(1, Buffer.concat([bytes(1, bytes(1, Buffer.concat([text("service.name"), bytes(2, text("checkout"))]))), bytes(2, Buffer.concat([bytes(1, text("auth")), bytes(2, record)]))])));
    expect(flatten(request)).toEqual({
      records: [JSON.stringify({ resource: { attributes: { "service.name": "checkout" } }, scope: { name: "auth" }, timeUnixNano: "1715671800250123456", severityNumber: 9, body: "hello", attributes: { n: "-9007199254740993", raw: "/wA=" }, traceId: "4bf92f3577b34da6a3ce929d0e0e4736" })],
      rejected: 0, timed: true,
    });
  });

  it("is invalid, and nothing else goes wrong, whatever the bytes are", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (some) => {
      try {
        decodeMessage(LOGS_REQUEST, some);
      } catch (error) {
        expect(error).toBeInstanceOf(Invalid);
      }
    }), { numRuns: 2000 });
  });

  it("may be nested as deep as JSON may be, and no deeper", () => {
    expect(flatten(decodeMessage(LOGS_REQUEST, requestWith(nested(20)))).records).toHaveLength(1);
    expect(() => decodeMessage(LOGS_REQUEST, requestWith(nested(10_000)))).toThrow("nested more than");
  });
});

describe("a request in JSON", () => {
  const request = (...logRecords: unknown[]): unknown => ({ resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [{ scope: {}, logRecords }] }] });
  const only = (record: object): Record<string, unknown> => JSON.parse(flatten(request(record)).records[0]!) as Record<string, unknown>;

  it("has values of every kind", () => {
    const values = [{ stringValue: "" }, { boolValue: false }, { intValue: "5" }, { intValue: 6 }, { intValue: "9223372036854775807" }, { doubleValue: 0.5 }, { doubleValue: "NaN" }, { kvlistValue: { values: [{ key: "__proto__", value: { stringValue: "x" } }] } }, {}, null];
    expect(JSON.stringify(only({ body: { arrayValue: { values: values.filter((one) => one !== null) } } })["body"])).toBe('["",false,5,6,"9223372036854775807",0.5,"NaN",{"__proto__":"x"},null]');
  });

  it("says whether all its records have a time", () => {
    expect([request({ timeUnixNano: "1" }), request({ observedTimeUnixNano: 2 }), request({ timeUnixNano: "0" }), request({})].map((one) => flatten(one).timed)).toEqual([true, true, false, false]);
  });

  it("keeps good records beside what is none", () => {
    const deep = Array.from({ length: 100 }).reduce<object>((inner) => ({ arrayValue: { values: [inner] } }), { stringValue: "x" });
    expect(flatten(request({ body: { stringValue: "a" } }, 7, { body: deep }))).toMatchObject({ records: [expect.stringContaining('"body":"a"')], rejected: 2 });
  });

  it("gives log records, or is refused, whatever it holds", () => {
    const names = ["resourceLogs", "resource", "attributes", "scopeLogs", "scope", "logRecords", "key", "value", "stringValue", "kvlistValue", "values", "timeUnixNano", "body"];
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({ tree: fc.oneof({ maxDepth: 8 }, fc.constantFrom(null, 1, "1", true), fc.dictionary(fc.constantFrom(...names), tie("tree"), { maxKeys: 4 }), fc.array(tie("tree"), { maxLength: 3 })) }));
    fc.assert(fc.property(fc.array(tree), (records) => {
      for (const record of flatten(request(...records)).records) expect(recognise(JSON.parse(record) as object as Record<string, unknown>).source.id).toBe("otlp.logs");
    }));
    for (const none of [null, 5, [], { resourceLogs: 5 }]) expect(() => flatten(none)).toThrow(Invalid);
    expect(flatten({})).toMatchObject({ records: [], rejected: 0 });
  });

  it("does not become much more than it was: a resource stands in each record", () => {
    const resource = { attributes: [{ key: "x", value: { stringValue: "x".repeat(1024 * 1024) } }] };
    expect(() => flatten({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: Array.from({ length: 100 }, () => ({})) }] }] })).toThrow(TooLarge);
  });
});

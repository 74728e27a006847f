import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { Invalid } from "../../kernel/index.ts";

/** One field of a protobuf message: its name in OTLP's JSON form, and how it is read. */
export interface Field {
  name: string;
  wire: WireType;
  read: (reader: BinaryReader, depth: number) => unknown;
  repeated?: true;
}

/** A message's fields by their numbers. */
export type Message = Readonly<Record<number, Field>>;

/** Values hold values; so deep at most. */
const DEEPEST = 64;

/** Reads a message to its end into OTLP's JSON form. What the message has no field for is passed over. @throws Invalid for what is no protobuf */
export function decodeMessage(message: Message, bytes: Uint8Array): Record<string, unknown> {
  try {
    return decode(message, bytes, 0);
  } catch (cause) {
    if (cause instanceof Invalid) throw cause;
    throw new Invalid("The body is no protobuf of this kind.", { cause });
  }
}

function decode(message: Message, bytes: Uint8Array, depth: number): Record<string, unknown> {
  if (depth > DEEPEST) throw new Invalid(`Values are nested more than ${DEEPEST} deep.`);
  const reader = new BinaryReader(bytes);
  const result: Record<string, unknown> = {};
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const field = Object.hasOwn(message, number) ? message[number]! : null;
    if (field === null || field.wire !== wire) {
      reader.skip(wire, number);
      continue;
    }
    const value = field.read(reader, depth);
    if (field.repeated) ((result[field.name] ??= []) as unknown[]).push(value);
    else result[field.name] = value;
  }
  return result;
}

export const text = (name: string): Field => ({ name, wire: WireType.LengthDelimited, read: (reader) => reader.string() });
export const bool = (name: string): Field => ({ name, wire: WireType.Varint, read: (reader) => reader.bool() });
export const uint32 = (name: string): Field => ({ name, wire: WireType.Varint, read: (reader) => reader.uint32() });
export const int64 = (name: string): Field => ({ name, wire: WireType.Varint, read: (reader) => String(reader.int64()) });
export const fixed32 = (name: string): Field => ({ name, wire: WireType.Bit32, read: (reader) => reader.fixed32() });
export const fixed64 = (name: string): Field => ({ name, wire: WireType.Bit64, read: (reader) => String(reader.fixed64()) });
export const double = (name: string): Field => ({ name, wire: WireType.Bit64, read: (reader) => reader.double() });
/** Bytes as text: ids in hex, everything else in base64, as OTLP's JSON has them. */
export const bytes = (name: string, encoding: "hex" | "base64"): Field => ({ name, wire: WireType.LengthDelimited, read: (reader) => Buffer.from(reader.bytes()).toString(encoding) });
/** @param message asked for when it is read: messages may hold themselves */
export const inner = (name: string, message: () => Message): Field => ({ name, wire: WireType.LengthDelimited, read: (reader, depth) => decode(message(), reader.bytes(), depth + 1) });
export const list = (name: string, message: () => Message): Field => ({ ...inner(name, message), repeated: true });

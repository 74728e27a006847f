const HEX4 = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, "0"));
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const POOL = 32_768;

/** Four times 65,536 pieces: `xxxxxxxx-`, `xxxx-4xx`, `x-yxxx-xx`, `xxxxxxxxxx`. */
let guidPieces: string[] | undefined;

function hex(value: number, digits: number): string {
  return (value % 16 ** digits).toString(16).padStart(digits, "0");
}

function makeGuidPieces(): string[] {
  const pieces: string[] = [];
  for (let index = 0; index < 65_536; index++) pieces.push(`${hex(splitmix(index), 8)}-`);
  for (let index = 0; index < 65_536; index++) pieces.push(`${hex(index, 4)}-4${hex(splitmix(index), 2)}`);
  for (let index = 0; index < 65_536; index++) pieces.push(`${hex(index, 1)}-${hex(8 + ((index >> 4) & 3), 1)}${hex(index >> 6, 3)}-${hex(splitmix(index), 2)}`);
  for (let index = 0; index < 65_536; index++) pieces.push(hex(splitmix(index) * 256 + (index & 255), 10));
  return pieces;
}

/** FNV-1a over the label, so that every part of the company can have a stream of its own. */
function hash(label: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < label.length; index++) value = Math.imul(value ^ label.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/** One step of splitmix32: spreads a small seed over 32 bits. */
function splitmix(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * A repeatable stream of random values: xoshiro128** (Blackman and Vigna, 2018), seeded through splitmix32.
 * The same seed and label always give the same stream; two labels give unrelated streams.
 */
export class Random {
  readonly #state = new Uint32Array(4);
  #pool = "";

  constructor(seed: number, label: string) {
    let state = (splitmix(seed >>> 0) ^ hash(label) ^ splitmix(Math.floor(seed / 4_294_967_296))) >>> 0;
    for (let index = 0; index < 4; index++) {
      state = (state + 0x9e3779b9) >>> 0;
      this.#state[index] = splitmix(state);
    }
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  /** The next unsigned 32-bit integer. */
  next(): number {
    const state = this.#state;
    const a = state[0] ?? 0;
    const b = state[1] ?? 0;
    const c = (state[2] ?? 0) ^ a;
    const d = (state[3] ?? 0) ^ b;
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    state[0] = a ^ d;
    state[1] = b ^ c;
    state[2] = c ^ (b << 9);
    state[3] = (d << 11) | (d >>> 21);
    return result;
  }

  /** A number in [0, 1). */
  float(): number {
    return this.next() / 4_294_967_296;
  }

  /** An integer in [0, limit). */
  int(limit: number): number {
    return Math.floor((this.next() / 4_294_967_296) * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability * 4_294_967_296;
  }

  /** One item. Throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.int(items.length)];
    if (item === undefined) throw new RangeError("cannot pick from an empty list");
    return item;
  }

  /** Lower-case hexadecimal digits. */
  hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += this.#hex4();
    return text.length === digits ? text : text.slice(0, digits);
  }

  /**
   * A version 4 UUID (RFC 9562). Made of four ready pieces chosen by 64 random bits, in half the time of putting 122 bits
   * together: among ten million the chance of meeting one twice is below one in 100,000.
   */
  guid(): string {
    const pieces = (guidPieces ??= makeGuidPieces());
    const first = this.next();
    const second = this.next();
    return (pieces[first >>> 16] ?? "") + (pieces[65_536 + (first & 0xffff)] ?? "") + (pieces[131_072 + (second >>> 16)] ?? "") + (pieces[196_608 + (second & 0xffff)] ?? "");
  }

  /** Upper-case letters and the digits 2 to 7, as in AWS's unique ids. */
  base32(length: number): string {
    return this.#characters(BASE32, length);
  }

  alphanumeric(length: number): string {
    return this.#characters(ALPHANUMERIC, length);
  }

  digits(length: number): string {
    return this.#characters("0123456789", length);
  }

  /** Long opaque text (session tokens, signatures): two slices of a random pool, which is cheap and does not compress to nothing. */
  opaque(length: number): string {
    if (this.#pool === "") this.#pool = this.#characters(BASE64, POOL);
    const half = length >> 1;
    const first = this.int(POOL - half);
    const second = this.int(POOL - (length - half));
    return this.#pool.slice(first, first + half) + this.#pool.slice(second, second + length - half);
  }

  #hex4(): string {
    return HEX4[this.next() >>> 16] ?? "";
  }

  #characters(alphabet: string, length: number): string {
    let text = "";
    for (let index = 0; index < length; index++) text += alphabet[this.int(alphabet.length)] ?? "";
    return text;
  }
}

import zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { decompress, gunzipWhole, UNPACK_LIMITS } from "./decompress.ts";

async function unpacked(bytes: Buffer, size = 7): Promise<{ plain: Buffer; damages: string[] }> {
  const damages: string[] = [];
  async function* input(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const out: Buffer[] = [];
  for await (const chunk of decompress(input(), (reason) => damages.push(reason))) out.push(chunk);
  return { plain: Buffer.concat(out), damages };
}

/** Text that packs to about half, so that damage anywhere is felt. */
const text = Buffer.from(Array.from({ length: 120 }, (_, index) => `{"id":${index},"noise":"${Math.sin(index).toString(36).slice(3)}"}\n`).join(""));
const gz = zlib.gzipSync(text);
/** One frame of one raw block (RFC 8878): magic number, a single segment of nine bytes, the last block's header, its bytes. */
const zst = Buffer.from("28b52ffd20094900007b226964223a317d0a", "hex");

const startsWith = (whole: Buffer, part: Buffer): boolean => whole.subarray(0, part.length).equals(part);

describe("gz", () => {
  it("gives the same bytes streamed, at once, and in members one after another", async () => {
    expect(await unpacked(gz)).toEqual({ plain: text, damages: [] });
    expect(gunzipWhole(gz)).toEqual({ plain: text, damage: null });
    const members = Buffer.concat([gz, zlib.gzipSync("more\n"), zlib.gzipSync("")]);
    const both = Buffer.concat([text, Buffer.from("more\n")]);
    expect(await unpacked(members)).toEqual({ plain: both, damages: [] });
    expect(gunzipWhole(members)).toEqual({ plain: both, damage: null });
  });

  it("does not mind zeros behind the end, as tapes and blocks leave them", async () => {
    const padded = Buffer.concat([gz, Buffer.alloc(512)]);
    expect((await unpacked(padded)).plain).toEqual(text);
    expect(gunzipWhole(padded)!.plain).toEqual(text);
    const long = Buffer.concat([gz, Buffer.alloc(200_000)]);
    expect(await unpacked(long, 50_000)).toEqual({ plain: text, damages: [] });
  });

  it("keeps everything before a cut, wherever it is, and says so once", async () => {
    let longest = 0;
    for (let length = 18; length < gz.length; length += 5) {
      const cut = gz.subarray(0, length);
      const whole = gunzipWhole(cut)!;
      expect(whole.damage).toBe("the gz data is cut short: everything before the cut was read");
      expect(startsWith(text, whole.plain)).toBe(true);
      expect(whole.plain.length).toBeGreaterThanOrEqual(longest);
      longest = whole.plain.length;
      const streamed = await unpacked(cut, 64);
      expect(streamed.damages).toEqual([whole.damage]);
      expect(startsWith(whole.plain, streamed.plain)).toBe(true);
    }
    expect(longest).toBeGreaterThan(text.length - 64);
  });

  it("survives a wrong byte anywhere: what comes out in front of it is right, and the damage is told", async () => {
    for (let at = 10; at < gz.length; at += 9) {
      const bad = Buffer.from(gz);
      bad[at]! ^= 0x55;
      const whole = gunzipWhole(bad)!;
      expect(whole.damage).toMatch(/^the gz data is (damaged|cut short)/);
      // What the bytes in front of the wrong one unpack to, by themselves.
      const before = gunzipWhole(gz.subarray(0, at))!.plain;
      expect(startsWith(whole.plain, before)).toBe(true);
      expect((await unpacked(bad, 64)).damages).toHaveLength(1);
    }
  });
});

describe("zst", () => {
  it("unpacks frames one after another", async () => {
    expect(await unpacked(zst)).toEqual({ plain: Buffer.from('{"id":1}\n'), damages: [] });
    expect(await unpacked(Buffer.concat([zst, zst]))).toEqual({ plain: Buffer.from('{"id":1}\n{"id":1}\n'), damages: [] });
  });

  it("tells a cut and damage, and neither hangs nor throws", async () => {
    for (let length = 4; length < zst.length; length++) expect((await unpacked(zst.subarray(0, length))).damages).toHaveLength(1);
    for (let at = 4; at < zst.length; at++) {
      const bad = Buffer.from(zst);
      bad[at]! ^= 0xff;
      expect((await unpacked(bad)).damages.length).toBeLessThanOrEqual(1);
    }
  });
});

describe("plain text and limits", () => {
  it("passes everything else as it is", async () => {
    for (const plain of ["", "{", "\u001f", "plain text\n"]) expect(await unpacked(Buffer.from(plain), 1)).toEqual({ plain: Buffer.from(plain), damages: [] });
    expect(gunzipWhole(text)).toBeNull();
  });

  it("stops at a bomb soon after the limit, without holding what it unpacks to", async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(320 * 1024 * 1024), { level: 9 });
    expect(gunzipWhole(bomb)).toBeNull();
    const damages: string[] = [];
    let given = 0;
    let largest = 0;
    async function* input(): AsyncGenerator<Buffer> {
      yield bomb;
    }
    for await (const chunk of decompress(input(), (reason) => damages.push(reason))) {
      given += chunk.length;
      largest = Math.max(largest, chunk.length);
    }
    expect(damages).toEqual(["it unpacks to more than 200 times its size, like a decompression bomb: the rest was not read"]);
    expect(given - UNPACK_LIMITS.freeBytes).toBeLessThan(32 * 1024 * 1024);
    expect(largest).toBeLessThan(32 * 1024 * 1024);
  });
});

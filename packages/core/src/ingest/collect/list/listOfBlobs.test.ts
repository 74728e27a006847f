import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listOfBlobs } from "./listOfBlobs.ts";

const blob = (name: string, more = ""): string => `<Blob>${name}<Properties><Last-Modified>Sat, 21 Nov 2026 12:00:00 GMT</Last-Modified><Etag>"0x8D1"</Etag><Content-Length>12</Content-Length>${more}</Properties><OrMetadata /></Blob>`;
const list = (blobs: string, next = "<NextMarker />"): string => `\uFEFF<?xml version="1.0" encoding="utf-8"?>\n<EnumerationResults ServiceEndpoint="https://a.blob.core.windows.net/" ContainerName="c"><Prefix>a&gt;b</Prefix><MaxResults>2</MaxResults><Blobs>${blobs}</Blobs>${next}</EnumerationResults>`;
const modified = Date.parse("2026-11-21T12:00:00Z");

describe("a list of blobs", () => {
  it("is read with its names, however they are written, and where it goes on", () => {
    const { blobs, next } = listOfBlobs(list(blob("<Name>a/&lt;b&gt; &amp;amp; &#x1F4A5;&#39;.json</Name>") + blob('<Name Encoded="true">a%01%20%C3%A9%2Fb.json</Name>', "<AccessTier>Archive</AccessTier>"), "<NextMarker>2!92!MDAw&amp;x=</NextMarker>"))!;
    expect(blobs).toEqual([
      { name: "a/<b> &amp; \u{1F4A5}'.json", etag: "0x8D1", bytes: 12, modified, archived: false },
      { name: "a\u0001 é/b.json", etag: "0x8D1", bytes: 12, modified, archived: true },
    ]);
    expect(next).toBe("2!92!MDAw&x=");
    expect(listOfBlobs(list(""))).toEqual({ blobs: [], next: "" });
  });

  it.each([
    ["no XML", "<html><body>Sign in</body>"], ["empty", ""], ["cut", list(blob("<Name>a</Name>")).slice(0, -40)], ["without an end", list("", "")], ["with a declaration", list("").replace("<Enum", '<!DOCTYPE x [<!ENTITY y "z">]><Enum')],
    ["with a blob without a name", list(blob(""))], ["with a blob without a time", list(blob("<Name>a</Name>").replace("Sat, 21 Nov 2026", "soon"))], ["with elements that cross", list("<a><b></a></b>")],
  ])("%s is none", (_, text) => expect(listOfBlobs(text)).toBeNull());

  it("gives every name back that its writer has escaped", () => {
    const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    fc.assert(fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (name) => listOfBlobs(list(blob(`<Name>${escaped(name)}</Name>`)))?.blobs[0]?.name === name));
  });
});

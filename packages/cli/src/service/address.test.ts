import { describe, expect, it } from "vitest";
import { serviceOrigin } from "./address.ts";

describe("serviceOrigin", () => {
  it.each([
    ["https://corduroy.example.com", "https://corduroy.example.com"],
    ["https://corduroy.example.com:8443/", "https://corduroy.example.com:8443"],
    ["http://127.0.0.1:7117", "http://127.0.0.1:7117"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://[::1]:7117", "http://[::1]:7117"],
    // Every spelling of the loopback network is one: a URL has them in one form.
    ["http://127.1:7117", "http://127.0.0.1:7117"],
  ])("takes %s", (text, origin) => expect(serviceOrigin(text)).toBe(origin));

  it.each(["http://corduroy.example.com", "http://10.0.0.5:7117", "http://127.0.0.1.example.com", "http://localhost.example.com", "http://0.0.0.0:7117"])("sends no token to %s in the clear", (text) =>
    expect(() => serviceOrigin(text)).toThrow(/plain HTTP/));

  it.each(["", "corduroy.example.com", "ftp://127.0.0.1", "https://", "https://anna:secret@example.com", "https://example.com/v1", "https://example.com/?a=1", "https://example.com/#x"])("refuses %j", (text) =>
    expect(() => serviceOrigin(text)).toThrow());

  it("does not repeat a password", () => expect(() => serviceOrigin("https://anna:hunter2@example.com")).toThrow(/^(?!.*hunter2)/));
});

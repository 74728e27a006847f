import { expect, it } from "vitest";
import { recognise } from "../index.ts";

const EVENT = { time: "2024-05-14T09:30:00Z", type: "login.failed", logger: "auth", severity: "notice" };
const record = (more: object): Record<string, unknown> => ({ resource: { attributes: {} }, scope: {}, timeUnixNano: "1715671800250123456", ...more });

it.each([
  ["a body", { body: EVENT }, EVENT],
  ["a body as text", { body: ` ${JSON.stringify(EVENT)}` }, EVENT],
  ["attributes beside a sentence", { body: "signed in", attributes: EVENT }, EVENT],
  ["attributes alone", { attributes: EVENT }, EVENT],
  ["attributes beside an object that nobody knows", { body: { a: 1 }, attributes: EVENT }, EVENT],
  ["a body that wraps it again", { body: { insertId: "a", jsonPayload: EVENT } }, EVENT],
])("is the event that is carried: %s", (_, more, event) => {
  const { source, text } = recognise(record(more));
  expect([source.id, JSON.parse(text!)]).toEqual(["app.event", event]);
});

it("is the line of text that is carried", () => {
  const line = '203.0.113.24 - - [14/May/2024:09:30:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8.7.1"';
  expect(recognise(record({ body: line, attributes: { "log.file.name": "access.log" } }))).toMatchObject({ source: { id: "web.access" }, text: line });
});

it.each([[{ body: "signed in", attributes: { "user.id": "u-1" } }], [{ body: { a: 1 } }], [{ body: "{" }], [{}]])("is itself where nothing known is carried: %j", (more) => {
  expect(recognise(record(more))).toMatchObject({ source: { id: "otlp.logs" }, text: null });
});

it.each([[{ resource: "x", timeUnixNano: "1" }], [{ resource: {}, timeUnixNano: "yesterday" }], [{ resource: {}, body: "x" }]])("is no log record: %j", (other) => {
  expect(recognise(other).source.id).toBe("generic.json");
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CorduroyError, Invalid } from "../../kernel/index.ts";
import { parseNotification } from "./notification.ts";
import { fromCloudTrail, fromEventBridge, fromS3, throughSns } from "./test/notifications.ts";

const key = fc.string({ minLength: 1, maxLength: 200, unit: "grapheme" });
const object = { bucket: "trail", key: "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/18/a b+c%25ü.json.gz" };

describe("a notification", () => {
  it.each([
    ["of S3", fromS3([object])],
    ["of S3 through SNS", throughSns(fromS3([object]))],
    ["of EventBridge", fromEventBridge(object)],
    ["of EventBridge through SNS", throughSns(fromEventBridge(object))],
    ["of CloudTrail through SNS", throughSns(fromCloudTrail([object]))],
  ])("%s names its object", (_, body) => {
    expect(parseNotification(body)).toEqual([object]);
  });

  it("names all its objects, in order, whatever their keys", () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 5 }), (keys) => {
        const objects = keys.map((each) => ({ bucket: "trail", key: each }));
        for (const body of [fromS3(objects), throughSns(fromCloudTrail(objects))]) expect(parseNotification(body)).toEqual(objects);
      }),
    );
  });

  it("of a test, or of something removed, names none", () => {
    const test = JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Time: "2026-11-18T09:00:00Z", Bucket: "trail" });
    for (const body of [test, throughSns(test), fromS3([object], "ObjectRemoved:Delete"), fromEventBridge(object, "Object Deleted")]) expect(parseNotification(body)).toEqual([]);
  });
});

describe("what is no notification", () => {
  it.each(["", "{", "null", "[]", "{}", '{"Records":[{}]}', fromS3([{ bucket: "../x", key: "a" }]), fromS3([object]).replace("%2B", "%ZZ"), throughSns(throughSns(throughSns(throughSns("{}")))), " ".repeat(2 ** 21)])("is refused: %#", (body) => {
    expect(() => parseNotification(body)).toThrow(Invalid);
  });

  it("is refused in words, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.json().map(throughSns)), (body) => {
        try {
          parseNotification(body);
        } catch (error) {
          expect(error).toBeInstanceOf(CorduroyError);
        }
      }),
    );
  });
});

import { describe, expect, test } from "vitest";
import { accountChange, apiActivity, authentication, detectionFinding, groupManagement, validEvents } from "./test/valid-events.ts";
import { validate } from "./validate.ts";

/** Problems as "code path", the part that callers decide on. */
function found(event: unknown): string[] {
  return validate(event).map(({ code, path }) => `${code} ${path}`);
}

function without<T extends object>(event: T, ...keys: (keyof T)[]): Partial<T> {
  return Object.fromEntries(Object.entries(event).filter(([key]) => !keys.includes(key as keyof T))) as Partial<T>;
}

test.each(Object.entries(validEvents))("a valid event has no problems: %s", (_, event) => {
  expect(validate(event)).toEqual([]);
});

describe("required and unknown attributes", () => {
  test("a missing required attribute", () => expect(found(without(authentication, "user"))).toEqual(["missing user"]));
  test("null counts as missing", () => expect(found({ ...authentication, user: null })).toEqual(["missing user"]));
  test("null is no value of an optional attribute, and no problem", () => expect(found({ ...authentication, status_id: null, unmapped: null })).toEqual([]));
  test("missing inside an object", () => expect(found({ ...apiActivity, api: { service: { name: "s3" } } })).toEqual(["missing api.operation"]));
  test("missing inside an array of objects", () => {
    expect(found({ ...detectionFinding, vulnerabilities: [{ cve: { uid: "CVE-1" } }, { cve: {} }] })).toEqual(["missing vulnerabilities[1].cve.uid"]);
  });
  test("an unknown attribute, at any depth", () => {
    expect(found({ ...authentication, eventName: "x", user: { ...authentication.user, arn: "y" } })).toEqual(["unknown user.arn", "unknown eventName"]);
  });
  test("an attribute of another class is unknown", () => expect(found({ ...apiActivity, finding_info: { uid: "1", title: "t" } })).toEqual(["unknown finding_info"]));
  test("unmapped and json_t take anything", () => expect(found({ ...apiActivity, unmapped: { a: [[null]] }, api: { ...apiActivity.api, response: { data: 7 } } })).toEqual([]));
});

describe("the class", () => {
  test("not an object", () => expect([found(null), found([authentication]), found("x")]).toEqual([["type "], ["type "], ["type "]]));
  test("no class", () => expect(found({})).toEqual(["missing class_uid"]));
  test("a class that does not exist", () => expect(found({ ...authentication, class_uid: 3099 })).toEqual(["class_uid class_uid"]));
  test("a class written as text", () => expect(found({ ...authentication, class_uid: "3002" })).toEqual(["type class_uid"]));
  test("the category of another class", () => expect(found({ ...authentication, category_uid: 6, category_name: "Application Activity" })).toEqual(["enum category_uid"]));
  test("a type_uid that is not class_uid * 100 + activity_id", () => expect(found({ ...accountChange, type_uid: 300106 })).toEqual(["type_uid type_uid"]));
  test("a type_uid of another class", () => expect(found({ ...accountChange, type_uid: 600301 })).toEqual(["enum type_uid", "type_uid type_uid"]));
});

describe("values", () => {
  test("types", () => {
    const event = { ...authentication, time: "now", is_mfa: 1, message: 5, count: 1.5, user: "ada", cloud: [] };
    expect(found(event).sort()).toEqual(["array cloud", "type count", "type is_mfa", "type message", "type time", "type user"]);
  });
  test("arrays, both ways", () => {
    expect(found({ ...apiActivity, resources: apiActivity.resources?.[0] })).toEqual(["array resources"]);
    expect(found({ ...apiActivity, src_endpoint: [apiActivity.src_endpoint] })).toEqual(["array src_endpoint"]);
    expect(found({ ...apiActivity, resources: [null] })).toEqual(["type resources[0]"]);
  });
  test("integer enums", () => expect(found({ ...authentication, severity_id: 7 })).toEqual(["enum severity_id"]));
  test("string enums", () => {
    expect(found({ ...apiActivity, http_request: { http_method: "GET" } })).toEqual([]);
    expect(found({ ...apiActivity, http_request: { http_method: "get" } })).toEqual(["enum http_request.http_method"]);
  });
  test("names of the prototype are no enum values", () => expect(found({ ...apiActivity, http_request: { http_method: "constructor" } })).toEqual(["enum http_request.http_method"]));
  test("a caption that contradicts its value", () => {
    expect(found({ ...authentication, severity: "High" })).toEqual(["sibling severity"]);
    expect(found({ ...authentication, type_name: "Authentication: Logoff" })).toEqual(["sibling type_name"]);
    expect(found({ ...authentication, cloud: { ...authentication.cloud, account: { uid: "1", type_id: 10, type: "GCP Account" } } })).toEqual(["sibling cloud.account.type"]);
  });
  test("a list of captions that contradicts its list of values, or is too short for it", () => {
    const url = { path: "/", category_ids: [1, 99, 3], categories: ["Adult/Mature Content", "anything", "Pornography"] };
    expect(found({ ...apiActivity, http_request: { url } })).toEqual([]);
    expect(found({ ...apiActivity, http_request: { url: { ...url, category_ids: [3, 99, 3] } } })).toEqual(["sibling http_request.url.categories[0]"]);
    expect(found({ ...apiActivity, http_request: { url: { ...url, categories: url.categories.slice(0, 2) } } })).toEqual(["sibling http_request.url.categories[2]"]);
  });
  test("ports are from 0 to 65535", () => expect(found({ ...apiActivity, src_endpoint: { ip: "192.0.2.1", port: 65_536 } })).toEqual(["range src_endpoint.port"]));
  test("integers have at most 8 bytes", () => expect(found({ ...apiActivity, count: 1e300 })).toEqual(["range count"]));
  test("addresses", () => {
    expect(found({ ...apiActivity, src_endpoint: { ip: "s3.amazonaws.com" } })).toEqual(["pattern src_endpoint.ip"]);
    expect(found({ ...apiActivity, src_endpoint: { ip: "1".repeat(41) } })).toEqual(["max_len src_endpoint.ip"]);
    expect(found({ ...authentication, user: { name: "ada", email_addr: "ada" } })).toEqual(["pattern user.email_addr"]);
    expect(found({ ...authentication, time_dt: "yesterday" })).toEqual(["pattern time_dt"]);
  });
});

describe("profiles", () => {
  const plain = { ...apiActivity, metadata: without(apiActivity.metadata, "profiles") };
  test("cloud belongs to the profile cloud, also in API Activity", () => {
    expect(found(plain)).toEqual(["profile cloud"]);
    expect(found(without(plain, "cloud"))).toEqual([]);
  });
  test("an applied profile brings its required attributes", () => {
    expect(found(without(apiActivity, "cloud"))).toEqual(["missing cloud"]);
    expect(found({ ...apiActivity, metadata: { ...apiActivity.metadata, profiles: ["cloud", "osint"] } })).toEqual(["missing osint"]);
  });
  test("time_dt needs datetime, device needs host, action_id needs security_control", () => {
    const { class_uid, category_uid, activity_id, type_uid, time, severity_id, metadata, group } = groupManagement;
    const event = { class_uid, category_uid, activity_id, type_uid, time, severity_id, group, time_dt: "2023-11-14T22:13:20Z", device: { type_id: 0, uid: "i-1" }, action_id: 1 };
    expect(found({ ...event, metadata }).sort()).toEqual(["profile action_id", "profile device", "profile time_dt"]);
    expect(found({ ...event, metadata: { ...metadata, profiles: ["datetime", "host", "security_control"] } })).toEqual([]);
  });
  test("a profile's attribute inside an object", () => {
    const session = { created_time_dt: "2023-11-14T22:13:20Z" };
    expect(found({ ...detectionFinding, evidences: [{ actor: { session } }] })).toEqual(["profile evidences[0].actor.session.created_time_dt"]);
  });
  test("a profile the class does not have", () => {
    expect(found({ ...plain, cloud: null, metadata: { ...plain.metadata, profiles: ["load_balancer", "nonsense"] } }).sort()).toEqual([
      "profile cloud",
      "profile metadata.profiles[0]",
      "profile metadata.profiles[1]",
    ]);
  });
  test("profiles of the wrong type", () => {
    expect(found({ ...without(plain, "cloud"), metadata: { ...plain.metadata, profiles: [5] } })).toEqual(["type metadata.profiles[0]"]);
    expect(found({ ...without(plain, "cloud"), metadata: { ...plain.metadata, profiles: "cloud" } })).toEqual(["array metadata.profiles"]);
  });
});

describe("constraints", () => {
  test("at least one, of a class", () => expect(found(without(authentication, "service"))).toEqual(["at_least_one "]));
  test("at least one, of an object", () => expect(found({ ...accountChange, user: { type_id: 1 } })).toEqual(["at_least_one user"]));
  test("just one", () => {
    const authorizeSession = { ...without(accountChange, "actor"), class_uid: 3003, type_uid: 300301 };
    expect(found(authorizeSession)).toEqual(["just_one "]);
    expect(found({ ...authorizeSession, privileges: ["a"] })).toEqual([]);
    expect(found({ ...authorizeSession, privileges: ["a"], group: { name: "g" } })).toEqual(["just_one "]);
  });
});

import { expect, test } from "vitest";
import { classOf, classShape, objectShape } from "./facts.ts";
import { SCHEMA_VERSION, factsText } from "./generated/facts.ts";

/** Looked up by hand in the published schema: number, name, caption, and the attributes that every event of the class needs. */
const byHand: [number, string, string, number, string[]][] = [
  [2004, "detection_finding", "Detection Finding", 2, ["finding_info"]],
  [3001, "account_change", "Account Change", 3, ["user"]],
  [3002, "authentication", "Authentication", 3, ["user"]],
  [3004, "entity_management", "Entity Management", 3, ["entity"]],
  [3005, "user_access", "User Access Management", 3, ["privileges", "user"]],
  [3006, "group_management", "Group Management", 3, ["group"]],
  [6003, "api_activity", "API Activity", 6, ["actor", "api", "src_endpoint"]],
];
const always = ["activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid"];

test.each(byHand)("class %d", (uid, name, caption, categoryUid, own) => {
  const eventClass = classOf(uid);
  expect(eventClass).toMatchObject({ uid, name, caption, categoryUid });
  if (eventClass === undefined) return;
  const required = classShape(eventClass).required.filter((attribute) => attribute.profiles.length === 0);
  expect(required.map((attribute) => attribute.name).sort()).toEqual([...always, ...own].sort());
});

test("the schema's version, and a number that is no class", () => {
  expect(SCHEMA_VERSION).toBe("1.8.0");
  expect(classOf(3099)).toBeUndefined();
});

test("logon is activity 1 of Authentication", () => {
  const authentication = classOf(3002);
  if (authentication === undefined) throw new Error("no class 3002");
  const { attributes } = classShape(authentication);
  expect(attributes.get("activity_id")?.values?.get("1")).toBe("Logon");
  expect(attributes.get("type_uid")?.values?.get("300201")).toBe("Authentication: Logon");
  expect(attributes.get("category_uid")?.values?.get("3")).toBe("Identity & Access Management");
  expect(attributes.get("cloud")).toMatchObject({ required: true, profiles: ["cloud"], object: "cloud", isArray: false });
  expect(objectShape("user").atLeastOne).toEqual(["account", "name", "uid"]);
});

test("every pattern was read and found linear; a new one must be read before it joins this list", () => {
  const { types } = JSON.parse(factsText) as { types: Record<string, { pattern?: string; maxLength?: number }> };
  const { ip_t, mac_t, ...unbounded } = Object.fromEntries(Object.entries(types).filter(([, type]) => type.pattern !== undefined));
  expect([ip_t?.maxLength, mac_t?.maxLength]).toEqual([40, 32]);
  expect(Object.fromEntries(Object.entries(unbounded).map(([name, { pattern }]) => [name, pattern]))).toEqual({
    bytestring_t: String.raw`^(?:(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)|(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=))?$`,
    datetime_t: String.raw`^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?([Zz]|[\+-]\d{2}:\d{2})?$`,
    email_t: "^[a-zA-Z0-9!#$%&'*+-/=?^_`{|}~.]+@[a-zA-Z0-9-]+\\.[a-zA-Z0-9-.]+$",
    uuid_t: "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
  });
});

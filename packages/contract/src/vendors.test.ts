import { expect, test } from "vitest";
import { CollectorReach } from "./events.ts";
import { VENDORS } from "./vendors.ts";

test("they are those that can be asked for", () => {
  expect(VENDORS).toEqual(CollectorReach.options.map((each) => each.shape.kind.value));
});

import { expect, it } from "vitest";
import { countKinds, failureKind } from "./failureKind.ts";

it.each([
  ["not valid JSON: it ends too early", "not JSON"], ["longer than 16 MiB (its first MiB is kept)", "too long"], ["not a line of web.access", "of another source"], ["whatever comes later", "other"],
])("%s is %s", (reason, kind) => expect(failureKind(reason)).toBe(kind));

it("counts each kind", () => expect(countKinds([{ reason: "not valid UTF-8" }, { reason: "not valid UTF-8" }, { reason: "not a JSON object" }])).toEqual({ "not UTF-8": 2, "no object": 1 }));

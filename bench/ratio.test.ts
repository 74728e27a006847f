import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interleave, median, relativeTime } from "./ratio.ts";

const seconds = (...list: number[]): { seconds: number }[] => list.map((each) => ({ seconds: each }));

describe("median", () => {
  it("has as many values below as above", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 30 }), (values) => {
        const middle = median(values);
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });

  it("is the mean of the two in the middle", () => {
    expect([median([4, 1, 3, 2]), median([7]), median([9, 1, 5])]).toEqual([2.5, 7, 5]);
    expect(median([])).toBeNaN();
  });
});

describe("interleave", () => {
  it("puts a base run before and after every round", async () => {
    const order: string[] = [];
    const run = (name: string) => (): Promise<string> => {
      order.push(name);
      return Promise.resolve(`${name}${order.length}`);
    };
    const runs = await interleave(2, run("base"), [run("a"), run("b")]);
    expect(order).toEqual(["base", "a", "b", "base", "a", "b", "base"]);
    expect(runs).toEqual({ base: ["base1", "base4", "base7"], others: [["a2", "a5"], ["b3", "b6"]] });
  });
});

describe("relativeTime", () => {
  it("is not fooled by a machine that slows down steadily", () => {
    expect(relativeTime(seconds(1, 3, 5), seconds(3, 6))).toBe(1.5);
  });

  it("lets one odd round pass", () => {
    expect(relativeTime(seconds(1, 1, 1, 1), seconds(2, 50, 2))).toBe(2);
  });
});

import * as fc from "fast-check";
import { expect, it } from "vitest";
import { merge } from "./merge.ts";

interface Tree {
  value: number;
  children: Tree[];
}

const tree: (depth: number) => fc.Arbitrary<Tree> = fc.memo((depth) =>
  fc.record({ value: fc.nat(), children: depth > 1 ? fc.array(tree(depth - 1), { maxLength: 3 }) : fc.constant([]) }),
);

const valuesOf = ({ value, children }: Tree): number[] => [value, ...children.flatMap(valuesOf)];

it("gives each item of each job once, however many run together", async () => {
  await fc.assert(
    fc.asyncProperty(tree(4), fc.integer({ min: 1, max: 5 }), async (root, width) => {
      let running = 0;
      const got: number[] = [];
      const items = merge<Tree, number>(width, root, async function* (job, add) {
        running++;
        expect(running).toBeLessThanOrEqual(width);
        job.children.forEach((child) => add(child));
        yield job.value;
        await Promise.resolve();
        running--;
      });
      for await (const item of items) got.push(item);
      expect(got.sort((a, b) => a - b)).toEqual(valuesOf(root).sort((a, b) => a - b));
      expect(running).toBe(0);
    }),
  );
});

it("closes what runs when the reader leaves", async () => {
  let closed = 0;
  const items = merge<number, number>(4, 3, async function* (job, add) {
    try {
      if (job > 0) add(job - 1);
      for (;;) yield job;
    } finally {
      closed++;
    }
  });
  let seen = 0;
  for await (const item of items) {
    expect(item).toBeGreaterThanOrEqual(0);
    if (++seen === 20) break;
  }
  expect(closed).toBe(4);
});

it("passes on what a job throws", async () => {
  const items = merge<number, number>(2, 1, async function* () {
    yield 1;
    throw new Error("broken");
  });
  expect(await items.next()).toEqual({ done: false, value: 1 });
  await expect(items.next()).rejects.toThrow("broken");
});

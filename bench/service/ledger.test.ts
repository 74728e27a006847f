import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ledger } from "./ledger.ts";

describe("a ledger", () => {
  it("finds what is lost, what is there twice, and what nobody sent", () => {
    const ledger = new Ledger();
    ledger.acknowledge(ledger.take(3));
    ledger.take(2);
    expect(ledger.compare([[0, 1], [1, 1], [2, 1]])).toEqual([]);
    expect(ledger.compare([[0, 1], [1, 1], [2, 1], [4, 1]])).toEqual([]);
    expect(ledger.compare([[0, 1], [2, 1], [4, 2], [9, 1]])).toEqual(["1 acknowledged events are lost: 1", "1 events are in the lake more than once: 4", "1 events in the lake were never sent: 9"]);
  });

  it("agrees with plain sets, for any history", () => {
    const step = fc.record({ count: fc.integer({ min: 1, max: 30_000 }), acknowledged: fc.boolean(), arrives: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const ledger = new Ledger();
        const held: [number, number][] = [];
        let lost = 0;
        for (const { count, acknowledged, arrives } of steps) {
          const numbers = ledger.take(count);
          if (acknowledged) ledger.acknowledge(numbers);
          if (arrives) for (const number of numbers) held.push([number, 1]);
          else if (acknowledged) lost += count;
        }
        const faults = ledger.compare(held);
        expect(faults).toHaveLength(lost === 0 ? 0 : 1);
        if (lost > 0) expect(faults[0]).toContain(`${lost} acknowledged events are lost`);
      }),
      { numRuns: 30 },
    );
  });
});

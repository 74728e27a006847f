import fc from "fast-check";
import { expect, it } from "vitest";
import { testDatabase } from "../store/test/index.ts";
import { setTeamRoute } from "./index.ts";
import { alertDesk, MINUTE, people } from "./test/desk.ts";

const test = testDatabase();
const desk = alertDesk(test);

/** A step: some findings come, the channel is up or down, and time goes on. */
const steps = fc.array(fc.record({ findings: fc.nat(18), up: fc.boolean(), minutes: fc.integer({ min: 1, max: 12 }) }), { minLength: 1, maxLength: 6 });

it("gives a destination at most ten messages and a digest in ten minutes, and tells it of every finding once", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      await test.pool.query("TRUNCATE destinations, alert_routes, deliveries, findings, finding_events");
      await desk.add("slack");
      await setTeamRoute(desk.ctx, "payments", ["slack"]);
      const arrivals: { at: number; digest: boolean }[] = [];
      const after = async (work: () => Promise<void>): Promise<void> => {
        const before = desk.slack.messages.length;
        await work();
        arrivals.push(...desk.slack.messages.slice(before).map(({ fallback }) => ({ at: test.at.getTime(), digest: fallback.shown.includes(" more finding") })));
      };
      let found = 0;
      run += 1000;
      for (const { findings, up, minutes } of [...script, { findings: 0, up: true, minutes: 30 }]) {
        desk.slack.fail(up ? undefined : { kind: "status", status: 503 });
        // Each at a time of its own, so that no rule becomes one finding about many.
        await desk.batch(people(findings, run + found));
        found += findings;
        await after(() => desk.work());
        for (let minute = 0; minute < minutes; minute++) {
          desk.later(MINUTE);
          await after(() => desk.deliver());
        }
      }
      for (const { at } of arrivals) {
        const within = arrivals.filter((each) => each.at > at - 10 * MINUTE && each.at <= at);
        expect(within.filter(({ digest }) => !digest).length).toBeLessThanOrEqual(10);
        expect(within.filter(({ digest }) => digest).length).toBeLessThanOrEqual(1);
      }
      expect(await desk.ask("SELECT count(DISTINCT finding) AS findings, count(*) AS lines FROM finding_events WHERE kind = 'alerted'")).toEqual([{ findings: found, lines: found }]);
    }),
    { numRuns: 8 },
  );
});

import { expect, it } from "vitest";
import { closeFinding } from "../findings/index.ts";
import { testDatabase } from "../store/test/index.ts";
import { setSecurityRoute } from "./index.ts";
import { alertDesk, OWNED } from "./test/desk.ts";

const test = testDatabase();
const desk = alertDesk(test);
const gaps = (): Promise<Record<string, unknown>[]> => desk.ask("SELECT id, entity_key AS entity, level, state, title, version FROM findings WHERE rule_id = 'corduroy.ownership' ORDER BY entity_key");
const UNOWNED = { ...OWNED, team: null, service: null, unclear: "Nobody claims the account 111122223333." };

it("makes a finding of what nobody owns, once an entity, and tells the security team of what happened there", async () => {
  await desk.add("slack");
  await setSecurityRoute(desk.ctx, ["slack"]);
  desk.belonging = UNOWNED;
  await desk.batch([{ rule: "a" }, { rule: "b" }, { rule: "a", entity: { kind: "role", key: "role:deploy", name: "deploy" } }]);
  await desk.work();
  expect(await gaps()).toMatchObject([{ entity: "account:111122223333", level: "medium", title: "Nobody answers for it: account 111122223333" }, { entity: "role:deploy", title: "Nobody answers for it: role deploy in account 111122223333" }]);
  // The gaps themselves page nobody, and have no gaps.
  expect(desk.slack.messages).toHaveLength(3);
  expect(desk.jobs).toEqual([]);
  await desk.batch([{ rule: "c" }]);
  await desk.work();
  expect((await gaps()).map(({ version }) => version)).toEqual([1, 1]);
  expect(desk.changed).toContain((await gaps())[0]!["id"]);
});

it("raises it again where it was closed as done and is not", async () => {
  desk.belonging = UNOWNED;
  await desk.batch([{ rule: "a" }]);
  await desk.work();
  await closeFinding(desk.ctx, String((await gaps())[0]!["id"]), { version: 1, as: "resolved", reason: "added to the catalog" });
  await desk.batch([{ rule: "b" }]);
  await desk.work();
  expect(await gaps()).toMatchObject([{ state: "open" }]);
});

it("says nothing of owners without a catalog, or where there is one", async () => {
  desk.belonging = { ...UNOWNED, unclear: null };
  await desk.batch([{ rule: "a" }]);
  desk.belonging = OWNED;
  await desk.batch([{ rule: "b" }, { rule: "b", entity: { kind: "role", key: "role:deploy", name: "deploy" } }]);
  await desk.work();
  expect(await gaps()).toEqual([]);
});

import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../store/index.ts";
import { testDatabase } from "../../store/test/index.ts";
import { changePassword, listAudit, sessionActor, signIn } from "../index.ts";
import { box, codeOf, firstAdmin, invited, pass, PASSWORD, visitor, type Member } from "../test/people.ts";

const database = testDatabase();
let anna: Member;
beforeAll(async () => {
  anna = await firstAdmin(database);
});
beforeEach(async () => {
  await database.db.execute("DELETE FROM sign_in_failures");
  pass(database, 3_600);
});

const WRONG = "The e-mail address, the password or the code is wrong.";
const attempt = (input: Partial<Parameters<typeof signIn>[1]> = {}, address = "192.0.2.7") => signIn(visitor(database, address), { email: anna.email, password: PASSWORD, ...input }, box);
const codeIn = (seconds: number): Promise<string> => codeOf(anna.totp, new Date(database.at.getTime() + seconds * 1_000));
const code = (): Promise<string> => codeIn(0);
const outcomes = async (): Promise<unknown[]> => (await listAudit(anna.ctx, { action: "session.begin", from: database.at })).items.map(({ outcome, detail, resource }) => [outcome, detail["wrong"] ?? detail["by"], resource.id]);

describe("signing in", () => {
  it("takes the password first, then a code of the app", async () => {
    expect(await attempt()).toEqual({ stage: "code", factors: ["totp"] });
    const session = await attempt({ email: " Anna@Example.COM ", code: await code() });
    expect(session).toMatchObject({ stage: "full", user: { name: "Anna" }, expiresAt: new Date(database.at.getTime() + 7 * 86_400_000) });
    expect(await sessionActor(visitor(database), "session" in session ? session.session : "")).toMatchObject({ id: anna.id, roles: ["admin"] });
    expect(await outcomes()).toMatchObject([["done", "totp", expect.any(String)], ["done", "password", anna.id]]);
  });

  it("says the same to a wrong password, a wrong code and an unknown account, and audits each", async () => {
    for (const wrong of [{ password: "wrong password 12" }, { code: "000000" }, { email: "nobody@example.com" }, { code: "not a code" }]) await expect(attempt(wrong)).rejects.toMatchObject({ name: "Forbidden", message: WRONG });
    expect(await outcomes()).toEqual([["failed", "code", anna.id], ["failed", "password", "unknown"], ["failed", "code", anna.id], ["failed", "password", anna.id]]);
    expect(JSON.stringify(await listAudit(anna.ctx, { outcome: "failed" }))).not.toContain("nobody@example.com");
  });

  it("audits a right password that goes no further: it may have been guessed", async () => {
    await attempt({}, "203.0.113.66");
    expect((await listAudit(anna.ctx, { resourceId: anna.id, from: database.at })).items).toMatchObject([
      { action: "session.begin", outcome: "done", actor: { name: "visitor" }, address: "203.0.113.66", resource: { type: "User", id: anna.id }, detail: { by: "password", next: "asks for the second factor" } },
    ]);
  });

  it("takes a code once, also from several at the same time, and none from before it", async () => {
    const now = await code();
    const before = await codeOf(anna.totp, new Date(database.at.getTime() - 30_000));
    const results = await Promise.allSettled(Array.from({ length: 3 }, (_, n) => attempt({ code: now }, `198.51.100.${n}`)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(attempt({ code: now })).rejects.toThrow(WRONG);
    await expect(attempt({ code: before })).rejects.toThrow(WRONG);
    pass(database, 30);
    expect(await attempt({ code: await code() })).toMatchObject({ stage: "full" });
  });

  it("takes codes of clocks that are half a minute apart, and no further", async () => {
    for (const far of [-90, 90]) await expect(attempt({ code: await codeIn(far) })).rejects.toThrow(WRONG);
    expect(await attempt({ code: await codeIn(-30) })).toMatchObject({ stage: "full" });
    expect(await attempt({ code: await codeIn(30) })).toMatchObject({ stage: "full" });
  });

  it("takes each recovery code once, however it is typed", async () => {
    const [one, two] = anna.recoveryCodes;
    const results = await Promise.allSettled([1, 2, 3].map((n) => attempt({ code: one! }, `198.51.100.${n}`)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await attempt({ code: ` ${two!.replaceAll("-", " ").toUpperCase()} ` })).toMatchObject({ stage: "full" });
    await expect(attempt({ code: two! })).rejects.toThrow(WRONG);
  });

  it("takes nobody else's codes", async () => {
    const bert = await invited(database, anna, "bert@example.com", "viewer");
    for (const foreign of [bert.recoveryCodes[0]!, await codeOf(bert.totp, new Date(database.at.getTime() + 30_000))]) await expect(attempt({ code: foreign })).rejects.toThrow(WRONG);
  });
});

/** What is said to so many wrong passwords in a row. */
const fail = async (times: number, email: string, address: (n: number) => string): Promise<string[]> => {
  const said: string[] = [];
  for (let n = 0; n < times; n++) said.push(await attempt({ email, password: "wrong password 12" }, address(n)).then(() => "in", (error: Error) => error.message));
  return said;
};
const other = (n: number): string => `198.51.100.${n}`;

describe("the delay", () => {
  const LATER = "There were too many attempts to sign in.";

  it("begins after five failures on an account, known or not, and grows", async () => {
    for (const email of [anna.email, "nobody@example.com"]) {
      expect(await fail(7, email, other)).toEqual([WRONG, WRONG, WRONG, WRONG, WRONG, LATER, LATER]);
      pass(database, 29);
      expect(await fail(1, email, other)).toEqual([LATER]);
      pass(database, 1);
      expect(await fail(2, email, other)).toEqual([WRONG, LATER]);
      pass(database, 59);
      expect(await fail(1, email, other)).toEqual([LATER]);
      pass(database, 1);
      expect(await fail(1, email, other)).toEqual([WRONG]);
    }
  });

  it("holds for the right password too, and is over after a success", async () => {
    await fail(5, anna.email, other);
    await expect(attempt({ code: await code() })).rejects.toMatchObject({ name: "Forbidden", message: LATER, hint: "Try again in 30 seconds. A passkey works at once." });
    pass(database, 30);
    expect(await attempt({ code: await code() })).toMatchObject({ stage: "full" });
    expect(await fail(5, anna.email, other)).toEqual([WRONG, WRONG, WRONG, WRONG, WRONG]);
  });

  it("counts wrong codes, and does not count a right password that waits for its code", async () => {
    for (let n = 0; n < 8; n++) expect(await attempt()).toMatchObject({ stage: "code" });
    for (let n = 0; n < 5; n++) await expect(attempt({ code: "000000" })).rejects.toThrow(WRONG);
    await expect(attempt()).rejects.toThrow(LATER);
  });

  it("is none for a failure that was noted while this attempt waited for it, or before the clock was set back", async () => {
    expect(await fail(4, anna.email, () => "192.0.2.7")).toEqual([WRONG, WRONG, WRONG, WRONG]);
    pass(database, -5);
    expect(await attempt({ code: await code() })).toMatchObject({ stage: "full" });
    expect(await fail(1, "nobody@example.com", () => "192.0.2.7")).toEqual([WRONG]);
    pass(database, 5);
  });

  it("lets no more guesses through when they come all at once", async () => {
    const results = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => attempt({ password: "wrong password 12" }, other(n))));
    const said = results.map((each) => (each.status === "rejected" ? (each.reason as Error).message : "in"));
    expect([said.filter((text) => text === WRONG).length, said.filter((text) => text === LATER).length]).toEqual([5, 25]);
  });

  it("begins after twenty failures from one network over all accounts, and one account's success does not end it", async () => {
    for (let n = 0; n < 20; n++) expect(await fail(1, `somebody${n}@example.com`, () => "203.0.113.9")).toEqual([WRONG]);
    expect(await fail(1, "another@example.com", () => "203.0.113.9")).toEqual([LATER]);
    expect(await fail(1, "another@example.com", () => "203.0.113.10")).toEqual([WRONG]);
    pass(database, 30);
    expect(await attempt({ code: await code() }, "203.0.113.9")).toMatchObject({ stage: "full" });
    expect(await fail(2, "another@example.com", () => "203.0.113.9")).toEqual([WRONG, LATER]);
  });

  it("survives a restart, and forgets after an hour", async () => {
    await fail(5, anna.email, other);
    const restarted = openDatabase(database.address);
    await expect(signIn({ ...visitor(database), db: restarted.db }, { email: anna.email, password: PASSWORD }, box)).rejects.toThrow(LATER);
    await restarted.close();
    pass(database, 3_601);
    expect(await fail(5, anna.email, other)).toEqual([WRONG, WRONG, WRONG, WRONG, WRONG]);
    const kept = await database.pool.query("SELECT count(*)::int AS count FROM sign_in_failures");
    expect(kept.rows).toEqual([{ count: 5 }]);
  });
});

describe("changing the password", () => {
  it("needs the current one and a session that is fresh, and ends all other sessions", async () => {
    const cleo = await invited(database, anna, "cleo@example.com", "viewer");
    const change = (current: string, password: string) => changePassword(visitor(database), { session: cleo.session, current, password });
    const elsewhere = async () => {
      pass(database, 30);
      return signIn(visitor(database), { email: cleo.email, password: PASSWORD, code: await codeOf(cleo.totp, database.at) }, box);
    };
    const other = await elsewhere();
    await expect(change("wrong password 12", "a new long password 9")).rejects.toThrow("The current password is wrong.");
    await expect(change(PASSWORD, "password1234")).rejects.toMatchObject({ name: "Invalid" });
    await change(PASSWORD, "a new long password 9");
    expect(await sessionActor(visitor(database), "session" in other ? other.session : "")).toBeNull();
    expect(await sessionActor(visitor(database), cleo.session)).not.toBeNull();
    await expect(attempt({ email: cleo.email })).rejects.toThrow(WRONG);
    expect(await attempt({ email: cleo.email, password: "a new long password 9" })).toMatchObject({ stage: "code" });
    pass(database, 15 * 60);
    await expect(change("a new long password 9", PASSWORD)).rejects.toThrow("You signed in too long ago");
  });
});

import { parseOptions } from "@node-rs/argon2";
import { expect, it } from "vitest";
import { ARGON, hashPassword, NOBODYS_HASH, passwordFits } from "./password.ts";

it("is hashed with Argon2id and OWASP's parameters, also where there is no account", async () => {
  const hash = await hashPassword("plum orbit canvas 7 tango");
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(parseOptions(NOBODYS_HASH)).toEqual(parseOptions(hash));
  expect(parseOptions(hash)).toMatchObject(ARGON);
});

it("fits its own hash alone, however its letters are composed", async () => {
  const hash = await hashPassword("zwölf Bäume im Wind");
  expect(await passwordFits(hash, "zwo\u0308lf Ba\u0308ume im Wind")).toBe(true);
  expect(await passwordFits(hash, "zwölf Bäume im wind")).toBe(false);
  expect(await passwordFits(null, "zwölf Bäume im Wind")).toBe(false);
  expect(await passwordFits(undefined, "")).toBe(false);
});

it("is refused when too short, too long, or common", async () => {
  for (const short of ["", "elevenchars", "💚💚💚💚💚💚💚"]) await expect(hashPassword(short), short).rejects.toThrow("at least 12 characters");
  await expect(hashPassword("ab".repeat(129))).rejects.toThrow("at most 256 characters");
  for (const common of ["Password1234", "passwordpassword", "qwertyuiop123", "123456789012", "aaaaaaaaaaaaa", "1Administrator!", "!!iloveyou2026", "hunter7hunter7", "PASSWORT2026!!"]) await expect(hashPassword(common), common).rejects.toThrow("among the first that are tried");
});

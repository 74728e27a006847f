import { beforeAll, expect, it } from "vitest";
import { api } from "@corduroy/contract";
import { invited, testService } from "../test/running.ts";

const test = testService();
const MOST = 200;

/** More people and tokens than a page holds; those by name come after all others, by their place in the lists. */
beforeAll(async () => {
  await test.database.pool.query(`INSERT INTO users (id, email, name, roles, created_at) SELECT 'made-' || n, 'made-' || n || '@example.com', 'Made ' || n, '{viewer}', now() FROM generate_series(1, ${MOST}) AS n`);
  await test.database.pool.query(`INSERT INTO api_tokens (id, secret_hash, name, scopes, created_by, created_at, expires_at, revoked_at) SELECT lpad(n::text, 16, '0'), 'x', 'made ' || n, '{read}', (SELECT id FROM users WHERE name = 'Anna'), date_trunc('milliseconds', now() - interval '1 day'), now(), now() FROM generate_series(1, ${MOST}) AS n`);
});

it("shows a token that was made beyond the first page, and all there are, page by page", async () => {
  const { about } = await test.admin.call(api.admin.createToken, { body: { name: "new", scopes: ["read"], days: 1 } });
  expect(about).toMatchObject({ name: "new", scopes: ["read"], createdBy: "Anna", lastUsedAt: null, revokedAt: null });
  const first = await test.admin.call(api.admin.tokens, { query: { limit: MOST } });
  expect(first.items[0]).toEqual(about);
  const second = await test.admin.call(api.admin.tokens, { query: { limit: MOST, cursor: first.next! } });
  expect([new Set([...first.items, ...second.items].map(({ id }) => id)).size, second.next]).toEqual([MOST + 1, null]);
});

it("changes somebody beyond the first page, and shows everybody, page by page", async () => {
  const zoe = (await (await invited(test, "zoe@example.com", "viewer")).call(api.session.current)).user;
  const first = await test.admin.call(api.admin.users, { query: { limit: MOST } });
  expect(first.items.some(({ id }) => id === zoe.id)).toBe(false);
  expect(await test.admin.call(api.admin.changeUser, { params: { id: zoe.id }, body: { roles: ["developer"] } })).toMatchObject({ id: zoe.id, roles: ["developer"], disabled: false });
  const second = await test.admin.call(api.admin.users, { query: { limit: MOST, cursor: first.next! } });
  expect([new Set([...first.items, ...second.items].map(({ id }) => id)).size, second.next]).toEqual([MOST + 2, null]);
  expect(second.items.at(-1)).toMatchObject({ email: "zoe@example.com", roles: ["developer"] });
});

it("changes nothing of somebody whom there is not", async () => {
  for (const body of [{}, { disabled: true }]) await expect(test.admin.call(api.admin.changeUser, { params: { id: "nobody" }, body })).rejects.toMatchObject({ problem: { status: 404, detail: "There is no such user." } });
});

import type * as z from "zod";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { authorize } from "../access/authorize.ts";
import { NotFound, pageOf, pageShape, placeOf, type Page, type Role } from "../../kernel/index.ts";
import { parsed, textShape } from "../parse.ts";
import { isOfProvider, userById, usersAfter, type UserRow } from "../store/users.ts";

/** A user in a list. */
export interface UserSummary {
  id: string;
  email: string;
  name: string;
  /** Given by administrators. */
  roles: Role[];
  /** From the groups of the last single sign-on. */
  mappedRoles: Role[];
  /** Comes in by single sign-on alone. */
  singleSignOn: boolean;
  createdAt: Date;
  disabledAt: Date | null;
}

/** All users by e-mail address, disabled ones too. @throws Forbidden without `users.read`, Invalid */
export async function listUsers(ctx: DbCtx, page: z.input<typeof pageShape> = {}): Promise<Page<UserSummary>> {
  const { limit, cursor } = parsed(pageShape, page);
  const after = placeOf(textShape, cursor);
  return inTransaction(ctx, async (tx) => {
    await authorize(tx, "users.read", { type: "User", id: "all" });
    return pageOf(await usersAfter(tx.db, after, limit + 1), limit, ({ email }) => email, summary);
  });
}

/** One user by id. @throws Forbidden without `users.read`, NotFound */
export async function readUser(ctx: DbCtx, id: string): Promise<UserSummary> {
  return inTransaction(ctx, async (tx) => {
    await authorize(tx, "users.read", { type: "User", id });
    const user = await userById(tx.db, id);
    if (!user) throw new NotFound("There is no such user.");
    return summary(user);
  });
}

function summary(user: UserRow): UserSummary {
  const { id, email, name, roles, mappedRoles, createdAt, disabledAt } = user;
  return { id, email, name, roles, mappedRoles, singleSignOn: isOfProvider(user), createdAt, disabledAt };
}

import type { Actor } from "../../kernel/index.ts";
import { rolesOf, type UserRow } from "../store/users.ts";

/**
 * Who somebody is before signing in: a person without a role, who may do nothing that policies decide. Give it to contexts of requests
 * that carry neither a session nor a token.
 */
export const VISITOR: Actor = { kind: "user", id: "visitor", name: "visitor", roles: [] };

/** The user as an actor. */
export function actorOf(user: Pick<UserRow, "id" | "name" | "roles" | "mappedRoles">): Extract<Actor, { kind: "user" }> {
  return { kind: "user", id: user.id, name: user.name, roles: rolesOf(user) };
}

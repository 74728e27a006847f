import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { preparsePolicySet, statefulIsAuthorized, validate, type EntityJson, type EntityUidJson } from "@cedar-policy/cedar-wasm/nodejs";
import { Invalid, type Actor } from "../../kernel/index.ts";
import type { DbCtx } from "../../store/index.ts";
import { ACTIONS } from "../actions.ts";

/** The words of the policies. What is acted on has one Cedar type, so that a room to come needs no change here; policies tell kinds by `kind`. */
const SCHEMA = `
  entity Role in [Role];
  entity User in [Role] { teams: Set<String> };
  entity Token in [Role] { scopes: Set<String>, sources: Set<String> };
  entity System;
  entity Resource { kind: String, id: String, team?: String };
  action ${ACTIONS.map((action) => JSON.stringify(action)).join(", ")} appliesTo { principal: [User, Token, System], resource: [Resource] };
`;

/** A role has everything of the role it stands in. */
const ROLE_ENTITIES: EntityJson[] = [entity("Role", "viewer"), entity("Role", "developer", {}, ["viewer"]), entity("Role", "responder", {}, ["developer"]), entity("Role", "admin"), entity("Role", "auditor")];

/** The roles that the scopes of tokens stand for; the others stand for none. */
const SCOPE_ROLES: ReadonlyMap<string, string> = new Map([["read", "viewer"], ["write", "responder"]]);

const KNOWN: ReadonlySet<string> = new Set(ACTIONS);

/**
 * Reads all `*.cedar` files of a folder (https://docs.cedarpolicy.com), checks them against the actions and attributes there are, and gives the decision
 * that contexts carry. What no policy permits is refused, and so is whatever cannot be decided: an error in a policy, an action nobody knows.
 * @throws Invalid when there is no policy, or one does not parse or names what does not exist
 */
export function loadPolicies(folder: string): DbCtx["allows"] {
  keepCallsOfCedarWhole();
  const files = readdirSync(folder).filter((name) => name.endsWith(".cedar")).sort();
  const policies = { staticPolicies: files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n") };
  if (files.length === 0) throw new Invalid(`There are no policies in ${folder}.`, { hint: "Without them nobody may do anything. Name the folder that holds the *.cedar files." });
  const checked = validate({ schema: SCHEMA, policies });
  const errors = checked.type === "failure" ? checked.errors : checked.validationErrors.map(({ error }) => error);
  const [error] = errors;
  if (error) throw new Invalid(`The policies in ${folder} are not right: ${error.message}.`, { hint: error.help ?? undefined });
  const preparsedPolicySetId = createHash("sha256").update(policies.staticPolicies).digest("hex");
  preparsePolicySet(preparsedPolicySetId, policies);
  return (actor, action, resource) => {
    if (!KNOWN.has(action)) return false;
    const { uid, entities } = principalOf(actor);
    const thing = entity("Resource", "it", { kind: resource.type, id: resource.id, ...(resource.team === undefined ? {} : { team: resource.team }) });
    try {
      const answer = statefulIsAuthorized({ principal: uid, action: { type: "Action", id: action }, resource: thing.uid, context: {}, preparsedPolicySetId, entities: [...entities, ...ROLE_ENTITIES, thing] });
      return answer.type === "success" && answer.response.decision === "allow" && answer.response.diagnostics.errors.length === 0;
    } catch {
      // Cedar throws at what is no Unicode text, half a surrogate pair for instance.
      return false;
    }
  };
}

/**
 * V8 up to 12 (Node 20 and 22) inlines calls of WebAssembly that give an object, and ends the process with "unreachable code" when the calling code is thrown
 * away in the middle of such a call; every answer of Cedar is one. Under 20,000 events a second it took 20 s until that happened.
 */
function keepCallsOfCedarWhole(): void {
  if (Number(process.versions.v8.split(".")[0]) < 13) setFlagsFromString("--no-turbo-inline-js-wasm-calls");
}

function principalOf(actor: Actor): { uid: EntityUidJson; entities: EntityJson[] } {
  const principal =
    actor.kind === "user"
      ? entity("User", actor.id, { teams: [...(actor.teams ?? [])] }, actor.roles)
      : actor.kind === "token"
        ? entity("Token", actor.id, { scopes: [...actor.scopes], sources: sourcesOf(actor.scopes) }, rolesOf(actor.scopes))
        : entity("System", actor.name);
  return { uid: principal.uid, entities: [principal] };
}

function sourcesOf(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => scope.startsWith("events:")).map((scope) => scope.slice("events:".length));
}

function rolesOf(scopes: readonly string[]): string[] {
  return scopes.flatMap((scope) => SCOPE_ROLES.get(scope) ?? []);
}

function entity(type: string, id: string, attrs: EntityJson["attrs"] = {}, roles: readonly string[] = []): EntityJson {
  return { uid: { type, id }, attrs, parents: roles.map((role) => ({ type: "Role", id: role })) };
}

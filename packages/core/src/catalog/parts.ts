import * as z from "zod";
import { claimsOf, environmentOf, routesOf } from "./annotations.ts";
import type { Person, Service, Team } from "./catalog.ts";
import type { Entity } from "./entity.ts";
import { fullReference } from "./reference.ts";
import { quoted, type Section, type Text } from "./section.ts";

/** Groups by reference, with what each is: `team`, `department`, … */
export type Groups = ReadonlyMap<string, string>;

/** A Group whose `spec.type` is `team`. */
export function teamOf(entity: Entity): Team {
  return { ref: entity.ref, ...named(entity), routes: routesOf(entity), place: entity.place };
}

/** A User. Groups that do not exist are problems, and left out. */
export function personOf(entity: Entity, groups: Groups): Person {
  const teams = entity.spec.texts("memberOf").flatMap((text) => {
    const ref = fullReference(text.value, "group", entity.namespace);
    if (ref !== undefined && groups.has(ref)) return [ref];
    missingGroup(entity.spec, text);
    return [];
  });
  return { ref: entity.ref, ...named(entity), teams, place: entity.place };
}

/** A Component, Resource or System. */
export function serviceOf(entity: Entity, groups: Groups, systems: ReadonlySet<string>): Service {
  return {
    ref: entity.ref,
    name: entity.metadata.text("title")?.value ?? entity.name,
    team: ownerOfEntity(entity, groups),
    system: systemOf(entity, systems),
    lifecycle: entity.spec.text("lifecycle")?.value ?? null,
    tier: tierOf(entity),
    environment: environmentOf(entity),
    claims: claimsOf(entity),
    place: entity.place,
  };
}

function named(entity: Entity): { name: string; email: string | null } {
  const profile = entity.spec.section("profile");
  const email = profile.text("email");
  const valid = email !== undefined && z.email().safeParse(email.value).success;
  if (email !== undefined && !valid) profile.problem(email.place, `${quoted(email.value)} is no mail address.`, "Write one address, without a name.");
  return { name: profile.text("displayName")?.value ?? entity.metadata.text("title")?.value ?? entity.name, email: valid ? email.value : null };
}

function ownerOfEntity({ spec, kind, name, namespace, place }: Entity, groups: Groups): string | null {
  const owner = spec.text("owner");
  if (!spec.has("owner")) spec.problem(place, `The ${kind} ${quoted(name)} has no owner.`, "Add spec.owner with the name of a team; until then its findings go to the security team.");
  if (owner === undefined) return null;
  const ref = fullReference(owner.value, "group", namespace);
  const type = ref === undefined ? undefined : groups.get(ref);
  if (type === "team") return ref ?? null;
  if (type === undefined) missingGroup(spec, owner);
  else spec.problem(owner.place, `The owner ${quoted(owner.value)} is a ${type}, not a team.`, "Name the team in it that answers for this; an owner is a Group with spec.type: team.");
  return null;
}

function missingGroup(section: Section, { value, place }: Text): void {
  section.problem(place, `There is no team ${quoted(value)} in the catalog.`, "Check the spelling, or add a Group with that name and spec.type: team.");
}

function systemOf({ spec, namespace }: Entity, systems: ReadonlySet<string>): string | null {
  const text = spec.text("system");
  if (text === undefined) return null;
  const ref = fullReference(text.value, "system", namespace);
  if (ref !== undefined && systems.has(ref)) return ref;
  spec.problem(text.place, `There is no system ${quoted(text.value)} in the catalog.`, "Check the spelling, or add a System with that name.");
  return null;
}

/** `spec.tier`, else the label `corduroy.dev/tier`, else the label `tier`: 1 to 4, with or without `tier-` in front. */
function tierOf({ spec, metadata }: Entity): number | null {
  const labels = metadata.section("labels");
  const text = spec.scalar("tier") ?? labels.scalar("corduroy.dev/tier") ?? labels.scalar("tier");
  if (text === undefined) return null;
  const tier = /^(?:tier[- ]?)?([1-4])$/i.exec(text.value)?.[1];
  if (tier === undefined) spec.problem(text.place, `${quoted(text.value)} is no tier.`, "Tiers are 1 (hurts most when it fails) to 4.");
  return tier === undefined ? null : Number(tier);
}

import { ENVIRONMENTS, ROUTES, type Claim, type Environment, type Team } from "./catalog.ts";
import type { Entity } from "./entity.ts";
import { quoted, type Text } from "./section.ts";

const OURS = "corduroy.dev/";
const ENVIRONMENT = "corduroy.dev/environment";

interface ClaimAnnotation {
  kind: Claim["kind"];
  valid: RegExp;
  form: string;
}

/** What a service can claim, by annotation. */
const CLAIMS: Record<string, ClaimAnnotation> = {
  "corduroy.dev/aws-accounts": { kind: "account", valid: /^[0-9]{12}$/, form: "an AWS account, which has 12 digits" },
  "corduroy.dev/role-names": { kind: "role", valid: /^(?=.*[^*])[\w+=.@*-]{1,64}$/, form: "the name of a role; * stands for any characters, and alone would take every role" },
  "corduroy.dev/kubernetes-namespaces": { kind: "namespace", valid: /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/, form: "the name of a Kubernetes namespace" },
  "github.com/project-slug": { kind: "repository", valid: /^[\w.-]{1,100}\/[\w.-]{1,100}$/, form: "a repository, such as acme/payments" },
};

const DESTINATION = /^[a-z0-9][a-z0-9._-]{0,62}$/i;

/** What the annotations of a Component, Resource or System claim; an item of another form is a problem and left out. */
export function claimsOf(entity: Entity): Claim[] {
  reportUnknown(entity, [...Object.keys(CLAIMS), ENVIRONMENT]);
  return Object.entries(CLAIMS).flatMap(([annotation, { kind, valid, form }]) => {
    const text = entity.annotations.text(annotation);
    return itemsOf(text).flatMap(({ value, place }): Claim[] => {
      if (valid.test(value)) return [{ kind, pattern: kind === "repository" ? value.toLowerCase() : value, annotation, place }];
      entity.annotations.problem(place, `${quoted(value)} is not ${form}.`, `List them with commas between: ${annotation}: "one, two".`);
      return [];
    });
  });
}

/** The environment that an entity states. */
export function environmentOf(entity: Entity): Environment | null {
  const text = entity.annotations.text(ENVIRONMENT);
  const known = ENVIRONMENTS.find((environment) => environment === text?.value);
  if (text !== undefined && known === undefined) entity.annotations.problem(text.place, `${quoted(text.value)} is no environment.`, `Environments are ${ENVIRONMENTS.join(", ")}.`);
  return known ?? null;
}

/** How a team is reached: names of destinations. What is no name is not repeated, for it may be a key or a webhook's address. */
export function routesOf(entity: Entity): Team["routes"] {
  reportUnknown(entity, ROUTES.map((route) => OURS + route));
  const routes: Partial<Record<(typeof ROUTES)[number], readonly string[]>> = {};
  for (const route of ROUTES) {
    const names = itemsOf(entity.annotations.text(OURS + route)).filter(({ value, place }) => {
      if (DESTINATION.test(value)) return true;
      entity.annotations.problem(place, `${OURS}${route} holds something that is not the name of a destination.`, "Write the name that the destination has in the configuration; keys and addresses stay there.");
      return false;
    });
    if (names.length > 0) routes[route] = names.map(({ value }) => value);
  }
  return routes;
}

function itemsOf(text: Text | undefined): Text[] {
  return (text?.value ?? "").split(",").map((item) => item.trim()).filter((item) => item !== "").map((value) => ({ value, place: text!.place }));
}

/** Annotations of other tools are theirs; one of ours that nobody reads is a spelling mistake. */
function reportUnknown(entity: Entity, known: readonly string[]): void {
  for (const { value, place } of entity.annotations.keys()) {
    if (value.startsWith(OURS) && !known.includes(value)) {
      entity.annotations.problem(place, `A ${entity.kind} has no annotation ${quoted(value)}.`, `It may have ${known.filter((name) => name.startsWith(OURS)).join(", ")}.`);
    }
  }
}

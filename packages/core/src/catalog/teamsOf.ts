import type { Catalog } from "./catalog.ts";

/**
 * References of the teams that a person is in, by mail address, in whatever case. Members of a department are in none of its teams by that, and an address that
 * several entries share is in the teams of all of them.
 */
export function teamsOf({ people, teams }: Catalog, email: string): string[] {
  const theirs = new Set(people.filter((person) => person.email?.toLowerCase() === email.toLowerCase()).flatMap((person) => person.teams));
  return teams.flatMap(({ ref }) => (theirs.has(ref) ? [ref] : []));
}

import { placeText, type Catalog, type Problem } from "./catalog.ts";
import { disputes } from "./disputes.ts";
import { readEntities, type Entity } from "./entity.ts";
import { catalogFiles, readCatalogFile } from "./files.ts";
import { personOf, serviceOf, teamOf } from "./parts.ts";
import { quoted } from "./section.ts";

/**
 * Reads the catalog from files in Backstage's format (`backstage.io/v1alpha1`). What is wrong in one place leaves the rest usable.
 *
 * @param paths files, and folders to search for `catalog-info.yaml`
 * @returns the catalog, and everything its authors have to fix, by file, line and column; never throws for what the paths hold
 */
export async function loadCatalog(paths: readonly string[]): Promise<{ catalog: Catalog; problems: Problem[] }> {
  const problems: Problem[] = [];
  const entities: Entity[] = [];
  for (const file of await catalogFiles(paths, problems)) {
    const text = await readCatalogFile(file, problems);
    if (text !== undefined) entities.push(...readEntities(text, file, problems));
  }
  const catalog = linked(unique(entities, problems));
  problems.push(...disputes(catalog.services));
  problems.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column));
  return { catalog, problems };
}

/** The first entity of each name; another of the same is a problem. */
function unique(entities: readonly Entity[], problems: Problem[]): Entity[] {
  const known = new Map<string, Entity>();
  for (const entity of entities) {
    const before = known.get(entity.ref);
    if (before === undefined) known.set(entity.ref, entity);
    else problems.push({ ...entity.place, message: `There are two entities ${quoted(entity.ref)}: here, and at ${placeText(before.place)}. This one is not used.`, hint: "Rename or remove one of them." });
  }
  return [...known.values()];
}

function linked(entities: readonly Entity[]): Catalog {
  const of = (...kinds: Entity["kind"][]): Entity[] => entities.filter(({ kind }) => kinds.includes(kind));
  const groups = new Map(of("group").map((entity) => [entity.ref, entity.spec.text("type")?.value.toLowerCase() ?? "group"]));
  const systems = new Set(of("system").map(({ ref }) => ref));
  return {
    teams: of("group").filter(({ ref }) => groups.get(ref) === "team").map(teamOf),
    people: of("user").map((entity) => personOf(entity, groups)),
    services: of("component", "resource", "system").map((entity) => serviceOf(entity, groups, systems)),
  };
}

import { LineCounter, parseAllDocuments } from "yaml";
import { isTooDeep } from "@corduroy/sigma";
import { clipped, visible } from "../kernel/index.ts";
import type { Place, Problem } from "./catalog.ts";
import { fullReference } from "./reference.ts";
import { isNothing, placeAt, quoted, Section, type Source } from "./section.ts";

/** One entity of the catalog, of a kind that matters here, before anything is known of the others. */
export interface Entity {
  kind: "component" | "system" | "resource" | "group" | "user";
  ref: string;
  name: string;
  namespace: string;
  metadata: Section;
  spec: Section;
  annotations: Section;
  /** Where its name stands. */
  place: Place;
}

const KINDS: readonly string[] = ["component", "system", "resource", "group", "user"];
/** Kinds of Backstage's own that say nothing about owners. */
const OTHER_KINDS: readonly string[] = ["api", "domain", "location", "template"];

/**
 * Reads the documents of one catalog file (YAML 1.2, several separated by `---`). A document that cannot be read is a problem, and the
 * others are read all the same.
 */
export function readEntities(text: string, file: string, problems: Problem[]): Entity[] {
  const source: Source = { file, lines: new LineCounter(), problems };
  if (isTooDeep(text)) {
    problems.push({ file, line: 1, column: 1, message: "The file is nested too deeply.", hint: "Write it as Backstage's documentation shows, with a few levels of maps." });
    return [];
  }
  // Unique keys are checked in Section: the parser's own check takes time in the square of their number.
  const documents = parseAllDocuments(text, { lineCounter: source.lines, prettyErrors: false, uniqueKeys: false, logLevel: "silent" });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    // The others of a document follow from its first.
    const error = document.errors[0];
    if (error !== undefined) problems.push({ ...placeAt(source, error.pos[0]), message: `This is not YAML: ${reasonOf(error.message)}.`, hint: "Check the indentation and the quotes here and on the line above." });
    if (error !== undefined || isNothing(document.contents)) return [];
    return entityOf(new Section(document.contents, source, placeAt(source, document.range[0])));
  });
}

function reasonOf(message: string): string {
  return visible(clipped((message.split("\n")[0] ?? "").replace(/\.$/, ""), 200));
}

function entityOf(root: Section): Entity[] {
  const [apiVersion, kind] = [root.text("apiVersion"), root.text("kind")];
  const lower = kind?.value.toLowerCase() ?? "";
  if (OTHER_KINDS.includes(lower)) return [];
  if (kind === undefined || !KINDS.includes(lower)) {
    root.problem(kind?.place ?? root.place, kind === undefined ? "The entity has no kind." : `${quoted(kind.value)} is no kind of the catalog.`, "Kinds are Component, System, Resource, Group and User.");
    return [];
  }
  if (apiVersion?.value !== "backstage.io/v1alpha1") {
    root.problem(apiVersion?.place ?? root.place, "The apiVersion is not backstage.io/v1alpha1.", "Begin the document with apiVersion: backstage.io/v1alpha1.");
    return [];
  }
  const metadata = root.section("metadata");
  const [name, namespace] = [metadata.text("name"), metadata.text("namespace")];
  const ref = fullReference(`${namespace?.value ?? "default"}/${name?.value ?? ""}`, lower);
  if (name === undefined || ref === undefined) {
    root.problem(name?.place ?? metadata.place, name === undefined ? "The entity has no metadata.name." : "The name or namespace is not one that Backstage allows.", "Use letters, digits, dashes, underscores and dots, at most 63.");
    return [];
  }
  return [{ kind: lower as Entity["kind"], ref, name: name.value, namespace: (namespace?.value ?? "default").toLowerCase(), metadata, spec: root.section("spec"), annotations: metadata.section("annotations"), place: name.place }];
}

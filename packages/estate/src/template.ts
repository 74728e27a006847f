import type { Scene } from "./scene.ts";

/** What stands for one `<name>` in a template. Given the scene it returns text that is safe inside a JSON string. */
export type Filler = (scene: Scene) => string;

/** A compiled template: `literals[0] filler[0] literals[1] filler[1] … literals[n]`. */
export interface Template {
  readonly literals: readonly string[];
  readonly fillers: readonly number[];
}

/** Compiles JSON text in which `<name>` stands for a value. Throws RangeError on a name that is not in `names`. */
export function compile(text: string, names: ReadonlyMap<string, number>): Template {
  const literals: string[] = [];
  const fillers: number[] = [];
  let from = 0;
  for (const match of text.matchAll(/<([a-zA-Z0-9]+)>/g)) {
    const filler = names.get(match[1] ?? "");
    if (filler === undefined) throw new RangeError(`no such placeholder: ${match[0]}`);
    literals.push(text.slice(from, match.index));
    fillers.push(filler);
    from = match.index + match[0].length;
  }
  literals.push(text.slice(from));
  return { literals, fillers };
}

/** Adds the template's text in this scene to `parts`. A name that occurs twice in one record has the same value both times. */
export function fill(template: Template, scene: Scene, parts: string[]): void {
  const { literals, fillers } = template;
  parts.push(literals[0] ?? "");
  for (let index = 0; index < fillers.length; index++) parts.push(scene.value(fillers[index] ?? 0), literals[index + 1] ?? "");
}

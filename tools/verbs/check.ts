import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { factsOf, type Declared, type Elsewhere, type FileFacts } from "./functions.ts";

const ROOMS = "packages/core/src";
const LIST = "tools/verbs.json";
/** The function that asks the policies. */
const ASKS = { file: `${ROOMS}/identity/access/authorize.ts`, name: "authorize" };

/**
 * Checks that every verb asks the policies: each function, or method of a class, that a room of `core` gives to others and whose first argument is a context calls
 * `authorize`, by itself or through what it calls, or stands with a reason in `tools/verbs.json`. That it asks is seen here, what it asks for is not.
 *
 * @param root the checkout
 * @returns the number of verbs, and one line a problem
 */
export function checkVerbs(root: string): { verbs: number; problems: string[] } {
  const house = new House(root);
  const excused = JSON.parse(readFileSync(join(root, LIST), "utf8")) as Record<string, string>;
  const silent: string[] = [];
  let verbs = 0;
  for (const room of readdirSync(join(root, ROOMS)).filter((each) => existsSync(join(root, ROOMS, each, "index.ts"))).toSorted()) {
    for (const { name, at } of house.verbsOf(`${ROOMS}/${room}/index.ts`)) {
      verbs++;
      if (!house.asks(at)) silent.push(`${room}.${name}`);
    }
  }
  const problems = [
    ...silent.filter((verb) => !Object.hasOwn(excused, verb)).map((verb) => `${ROOMS}: ${verb} takes a context and never calls ${ASKS.name}; call it, or say in ${LIST} why it need not`),
    ...Object.entries(excused).filter(([verb]) => !silent.includes(verb)).map(([verb]) => `${LIST}: there is no verb ${verb} that does not ask; remove the line`),
    ...Object.entries(excused).filter(([, reason]) => reason.trim() === "").map(([verb]) => `${LIST}: ${verb} has no reason`),
  ];
  return { verbs, problems };
}

/** The files of `core`, each read once. */
class House {
  private readonly known = new Map<string, FileFacts>();

  constructor(private readonly root: string) {}

  /** The verbs that a room's door gives, with where they are. */
  verbsOf(door: string): { name: string; at: Elsewhere }[] {
    return [...this.facts(door).exports].flatMap(([name, elsewhere]) => {
      const at = this.declaredAt(elsewhere);
      if (at === undefined) return [];
      const own = [...this.facts(at.file).functions].filter(([each, { takesContext }]) => takesContext && (each === at.name || each.startsWith(`${at.name}.`)));
      return own.map(([each]) => ({ name: name + each.slice(at.name.length), at: { file: at.file, name: each } }));
    });
  }

  asks(at: Elsewhere, seen = new Set<string>()): boolean {
    const place = `${at.file} ${at.name}`;
    if (seen.has(place)) return false;
    seen.add(place);
    if (at.file === ASKS.file && at.name === ASKS.name) return true;
    const { imports } = this.facts(at.file);
    return [...(this.declared(at)?.calls ?? [])].some((name) => {
      const elsewhere = imports.get(name);
      const next = elsewhere === undefined ? { file: at.file, name } : this.declaredAt(elsewhere);
      return next !== undefined && this.asks(next, seen);
    });
  }

  /** Where a name really is, past the files that only pass it on. */
  private declaredAt({ file, name }: Elsewhere): Elsewhere | undefined {
    if (!existsSync(join(this.root, file))) return undefined;
    const further = this.facts(file).exports.get(name);
    return further === undefined ? { file, name } : this.declaredAt(further);
  }

  private declared({ file, name }: Elsewhere): Declared | undefined {
    return this.facts(file).functions.get(name);
  }

  private facts(file: string): FileFacts {
    const facts = this.known.get(file) ?? factsOf(file, readFileSync(join(this.root, file), "utf8"));
    this.known.set(file, facts);
    return facts;
  }
}

import type { Comparison, Position, RegexFlags, TimePart } from "./tree.ts";
import { didYouMean } from "./spelling.ts";
import { ValueError } from "./value-error.ts";

export type Encoding = "wide" | "utf16le" | "utf16be" | "utf16" | "base64" | "base64offset";

/** A modifier chain, checked: what its values are and what is done to them. */
export interface Chain {
  /** The values are linked with and instead of or. */
  readonly all: boolean;
  /** The whole line is negated. */
  readonly neq: boolean;
  readonly expand: boolean;
  readonly meaning:
    | { readonly kind: "text"; readonly steps: readonly ("windash" | Encoding)[]; readonly position: Position; readonly cased: boolean }
    | { readonly kind: "regex"; readonly flags: RegexFlags }
    | { readonly kind: "cidr" }
    | { readonly kind: "exists" }
    | { readonly kind: "compare"; readonly op: Comparison }
    | { readonly kind: "time"; readonly part: TimePart; readonly op: Comparison | "eq" }
    | { readonly kind: "fieldref"; readonly position: Position; readonly cased: boolean };
}

const encodings: Readonly<Record<string, Encoding>> = {
  wide: "wide", utf16le: "utf16le", utf16be: "utf16be", utf16: "utf16", base64: "base64", base64offset: "base64offset",
};
const positions: Readonly<Record<string, Position>> = { contains: "contains", startswith: "startsWith", endswith: "endsWith" };
const comparisons: readonly string[] = ["lt", "lte", "gt", "gte"] satisfies Comparison[];
const timeParts: readonly string[] = ["minute", "hour", "day", "week", "month", "year"] satisfies TimePart[];
const regexFlags: readonly string[] = ["i", "m", "s"];
const known: readonly string[] = [
  ...Object.keys(positions), ...Object.keys(encodings), ...comparisons, ...timeParts, ...regexFlags,
  "all", "exists", "cased", "neq", "windash", "re", "cidr", "expand", "fieldref",
];

/** Which modifiers may stand beside each that decides what a value is; `all` and `neq` may stand beside all but `exists`. */
const companions: Readonly<Record<string, readonly string[]>> = {
  re: [...regexFlags, "expand"],
  cidr: ["expand"],
  exists: [],
  fieldref: [...Object.keys(positions), "cased"],
  compare: [],
  time: comparisons,
  text: [...Object.keys(positions), ...Object.keys(encodings), "windash", "cased", "expand"],
};

/** Checks a chain of modifiers as written after a field's name. Throws `ValueError` for what contradicts itself. */
export function readChain(modifiers: readonly string[]): Chain {
  modifiers.forEach((modifier, index) => {
    if (!known.includes(modifier)) throw new ValueError(`unknown modifier "${modifier}"`, didYouMean(modifier, known) ?? `Sigma knows ${known.join(", ")}`);
    if (modifiers.indexOf(modifier) !== index) throw new ValueError(`the modifier "${modifier}" is given twice`);
  });
  const kind = kindOf(modifiers);
  const linking = kind === "exists" ? [] : ["all", "neq"];
  const others = modifiers.filter((modifier) => !linking.includes(modifier) && modifier !== leader(modifiers, kind));
  const stranger = others.find((modifier) => !companions[kind]!.includes(modifier));
  if (stranger !== undefined) throw new ValueError(`"${stranger}" cannot be combined with "${leader(modifiers, kind) ?? others.find((each) => each !== stranger)}"`, hintFor(stranger, kind));
  if (modifiers.includes("neq") && kind === "compare") throw new ValueError(`"neq" cannot be combined with "${leader(modifiers, kind)}"`, "use the opposite comparison");
  return { all: modifiers.includes("all"), neq: modifiers.includes("neq"), expand: modifiers.includes("expand"), meaning: meaningOf(kind, others, modifiers) };
}

type Kind = "re" | "cidr" | "exists" | "fieldref" | "compare" | "time" | "text";

function kindOf(modifiers: readonly string[]): Kind {
  if (modifiers.some((modifier) => timeParts.includes(modifier))) return "time";
  for (const kind of ["re", "cidr", "exists", "fieldref"] as const) if (modifiers.includes(kind)) return kind;
  return modifiers.some((modifier) => comparisons.includes(modifier)) ? "compare" : "text";
}

/** The modifier that decided the kind. */
function leader(modifiers: readonly string[], kind: Kind): string | undefined {
  if (kind === "time") return modifiers.find((modifier) => timeParts.includes(modifier));
  return kind === "compare" ? modifiers.find((modifier) => comparisons.includes(modifier)) : modifiers.find((modifier) => modifier === kind);
}

function hintFor(stranger: string, kind: Kind): string | undefined {
  if (regexFlags.includes(stranger)) return `"${stranger}" belongs behind "re"`;
  if (comparisons.includes(stranger)) return "for a range write two lines, like size|gte and size|lt";
  if (kind === "re" && stranger in positions) return "a regular expression is searched anywhere; use ^ and $ to anchor it";
  return kind === "re" && stranger === "cased" ? "a regular expression is case-sensitive unless `i` follows" : undefined;
}

function meaningOf(kind: Kind, others: readonly string[], modifiers: readonly string[]): Chain["meaning"] {
  const before = (first: string, second: string): boolean => modifiers.indexOf(first) < modifiers.indexOf(second);
  const found = others.filter((modifier) => modifier in positions);
  if (found.length > 1) throw new ValueError(`"${found[0]}" and "${found[1]}" contradict each other`, "`contains` looks everywhere, the start and the end included");
  const position = positions[found[0] ?? ""] ?? "equals";
  const cased = others.includes("cased");
  if (kind === "cidr" || kind === "exists") return { kind };
  if (kind === "fieldref") return { kind, position, cased };
  if (kind === "compare") return { kind, op: leader(modifiers, kind) as Comparison };
  if (kind === "re") {
    const early = others.find((modifier) => regexFlags.includes(modifier) && before(modifier, "re"));
    if (early !== undefined) throw new ValueError(`"${early}" must come after "re"`);
    return { kind: "regex", flags: { ignoreCase: others.includes("i"), multiline: others.includes("m"), dotAll: others.includes("s") } };
  }
  if (kind === "time") {
    const part = leader(modifiers, kind)!;
    const op = others[0];
    if (others.length > 1) throw new ValueError(`"${others[0]}" and "${others[1]}" cannot be combined`, "write two lines");
    if (op !== undefined && before(op, part)) throw new ValueError(`"${op}" must come after "${part}"`);
    return { kind, part: part as TimePart, op: (op ?? "eq") as Comparison | "eq" };
  }
  const steps = others.flatMap((modifier): readonly ("windash" | Encoding)[] => (modifier === "windash" ? ["windash"] : [encodings[modifier] ?? []].flat()));
  const late = steps.find((step) => found[0] !== undefined && before(found[0], step));
  if (late !== undefined) throw new ValueError(`"${late}" must come before "${found[0]}"`, "modifiers apply in the order given");
  const first = steps.find((step) => others.includes("expand") && before(step, "expand"));
  if (first !== undefined) throw new ValueError(`"expand" must come before "${first}"`, "modifiers apply in the order given");
  if (steps.indexOf("windash") > 0) throw new ValueError(`"windash" must come before "${steps[0]}"`, "modifiers apply in the order given");
  return { kind: "text", steps, position, cased };
}

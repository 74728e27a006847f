import type { Operation } from "./operation.ts";
import { COMPUTE } from "./operations/compute.ts";
import { IDENTITY } from "./operations/identity.ts";
import { OBSERVABILITY } from "./operations/observability.ts";
import { STORAGE } from "./operations/storage.ts";

const CATALOGUE: ReadonlyMap<string, Operation> = new Map([...COMPUTE, ...STORAGE, ...IDENTITY, ...OBSERVABILITY]);

/** The operation written `service:Name`. Throws RangeError when the catalogue has none. */
export function operation(key: string): Operation {
  const found = CATALOGUE.get(key);
  if (found === undefined) throw new RangeError(`no such operation: ${key}`);
  return found;
}

/** Operations to pick from by weight. Each array item is a table position, so a pick is one lookup. */
export type Mix = readonly Operation[];

/** A table of operations in which each appears as often as its weight says (whole numbers). */
export function mix(weights: Readonly<Record<string, number>>): Mix {
  return Object.entries(weights).flatMap(([key, weight]) => Array.from({ length: weight }, () => operation(key)));
}

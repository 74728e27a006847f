import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The compiled schema as published, loosely typed: the tests read it by themselves, without the package's facts or generator. */
export interface RawSchema {
  readonly classes: Readonly<Record<string, RawOwner & { readonly uid: number; readonly profiles: readonly string[] }>>;
  readonly objects: Readonly<Record<string, RawOwner>>;
  readonly dictionary: {
    readonly types: { readonly attributes: Readonly<Record<string, { readonly type?: string; readonly regex?: string; readonly max_len?: number; readonly range?: readonly [number, number] }>> };
  };
}

export interface RawOwner {
  readonly attributes: Readonly<Record<string, RawAttribute>>;
  readonly constraints?: { readonly at_least_one?: readonly string[]; readonly just_one?: readonly string[] };
}

export interface RawAttribute {
  readonly type: string;
  readonly object_type?: string;
  readonly is_array?: boolean;
  readonly requirement: string;
  readonly profiles?: readonly string[] | null;
  readonly enum?: Readonly<Record<string, { readonly caption: string }>>;
  readonly sibling?: string;
}

/** Where the published schema is, when the samples are at hand. */
export function schemaPath(): string {
  return join(process.env["CORDUROY_SAMPLES"] ?? "", "ocsf-schema/ocsf-1.8.0-compiled.json");
}

export function readRawSchema(): RawSchema {
  return JSON.parse(readFileSync(schemaPath(), "utf8")) as RawSchema;
}

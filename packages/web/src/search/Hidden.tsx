import type { api, ResponseOf } from "@corduroy/contract";
import type { ReactNode } from "react";

type Schema = ResponseOf<typeof api.search.schema>;
/** What whoever looks sees of a column in place of people. */
export type How = NonNullable<Schema["views"][number]["columns"][number]["hidden"]>;
/** Columns that are hidden from whoever looks, by name. */
export type HiddenColumns = ReadonlyMap<string, How>;

const MEANS: Record<How, string> = {
  pseudonym: "Shown as a pseudonym",
  entity: "Shown as a pseudonym, unless it is a role, a service or an account",
  withheld: "Withheld",
};

/** The columns that are hidden, of all views: a name means the same in each. */
export function hiddenColumns(schema: Schema | undefined): HiddenColumns {
  return new Map(schema?.views.flatMap(({ columns }) => columns.flatMap(({ name, hidden }): [string, How][] => (hidden === null ? [] : [[name, hidden]]))));
}

/** A quiet mark beside the name of a column: half a circle for a pseudonym, an empty one for what is withheld. */
export function HiddenMark({ how }: { how: How }): ReactNode {
  return (
    <svg className="hidden-mark" viewBox="0 0 12 12" role="img" aria-label={MEANS[how]}>
      <title>{MEANS[how]}</title>
      <circle cx="6" cy="6" r="4.5" />
      {how !== "withheld" && <path d="M6 1.5a4.5 4.5 0 0 1 0 9z" />}
    </svg>
  );
}

/** What the marks mean, for those that are there. */
export function HiddenNote({ hows }: { hows: readonly How[] }): ReactNode {
  const isStoodFor = hows.some((how) => how !== "withheld");
  const isWithheld = hows.includes("withheld");
  if (!isStoodFor && !isWithheld) return null;
  return (
    <p className="dim small hidden-note">
      {isStoodFor && <><span className="nowrap"><HiddenMark how="pseudonym" /> A</span> pseudonym stands for each person and address, the same everywhere: count, group, join and filter by it. </>}
      {isWithheld && <><span className="nowrap"><HiddenMark how="withheld" /> Records</span> as they came are withheld. </>}
      To see {isStoodFor ? "people" : "them"}, a role needs <code>personal.read</code>.
    </p>
  );
}

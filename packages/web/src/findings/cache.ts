import type { FindingSummary } from "@corduroy/contract";
import type { InfiniteData, QueryClient } from "@tanstack/react-query";

/** A list of findings as it was loaded, page by page. */
export type Pages = InfiniteData<{ items: FindingSummary[]; next: string | null }, string | undefined>;
interface Now {
  items: { finding: FindingSummary; why: string; together: FindingSummary[] }[];
}

/** Whether a form of a finding is newer than another: of a later version, or counted on since. */
export function isNewer(one: Pick<FindingSummary, "version" | "changedAt">, other: Pick<FindingSummary, "version" | "changedAt">): boolean {
  return one.version === other.version ? one.changedAt > other.changedAt : one.version > other.version;
}

/**
 * Puts a finding's newer form where it stands already. Order and number of rows stay, so that nothing moves under the cursor.
 * @returns the same object when nothing changed
 */
function inPlace<T>(rows: readonly T[], of: (row: T) => FindingSummary, newer: FindingSummary, put: (row: T) => T): readonly T[] {
  const at = rows.findIndex((row) => of(row).id === newer.id && isNewer(newer, of(row)));
  return at === -1 ? rows : rows.map((row, i) => (i === at ? put(row) : row));
}

/** As `inPlace`, for every page of a list. */
export function pagesWith(pages: Pages, newer: FindingSummary): Pages {
  const changed = pages.pages.map((page) => {
    const items = inPlace(page.items, (finding) => finding, newer, () => newer);
    return items === page.items ? page : { ...page, items: [...items] };
  });
  return changed.every((page, i) => page === pages.pages[i]) ? pages : { ...pages, pages: changed };
}

/** As `inPlace`, for what needs a decision, and what belongs to it. */
function nowWith<T extends Now>(now: T, newer: FindingSummary): T {
  const leads = inPlace(now.items, ({ finding }) => finding, newer, (item) => ({ ...item, finding: newer }));
  return { ...now, items: leads.map((item) => ({ ...item, together: [...inPlace(item.together, (finding) => finding, newer, () => newer)] })) };
}

/** Shows a finding's newer form in every list that has it. */
export function showEverywhere(queries: QueryClient, newer: FindingSummary): void {
  queries.setQueriesData<Pages>({ queryKey: ["findings"] }, (pages) => pages && pagesWith(pages, newer));
  queries.setQueriesData<Now>({ queryKey: ["now"] }, (now) => now && nowWith(now, newer));
}

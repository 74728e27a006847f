import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { pagesWith, showEverywhere, type Pages } from "./cache.ts";
import { finding } from "./test/finding.ts";

const ids = ["a", "b", "c", "d"];
const list: Pages = { pages: [{ items: ids.slice(0, 2).map((id) => finding({ id })), next: "x" }, { items: ids.slice(2).map((id) => finding({ id })), next: null }], pageParams: [undefined, "x"] };
const idsOf = (pages: Pages): string[] => pages.pages.flatMap((page) => page.items.map(({ id }) => id));

describe("a finding that changed", () => {
  it("changes where it stands, on any page, and moves nothing", () => {
    const changed = pagesWith(list, finding({ id: "c", version: 2, priority: "p1", state: "resolved" }));
    expect(idsOf(changed)).toEqual(ids);
    expect(changed.pages[1]?.items[0]).toMatchObject({ priority: "p1", state: "resolved" });
    expect(changed.pages[0]).toBe(list.pages[0]);
  });

  it("changes when it was only counted on, which is no other version", () => {
    const changed = pagesWith(list, finding({ id: "c", count: 9, changedAt: "2027-01-01T00:00:00.000Z" }));
    expect(changed.pages[1]?.items[0]).toMatchObject({ count: 9 });
  });

  it("changes nothing when it is older, the same, or in no list", () => {
    for (const other of [finding({ id: "c", version: 1, title: "old" }), finding({ id: "c", version: 0 }), finding({ id: "z", version: 9 })]) expect(pagesWith(list, other)).toBe(list);
  });

  it("is shown in every list and on the first page, which keeps its reason", () => {
    const queries = new QueryClient();
    queries.setQueryData(["findings", { state: "active" }], list);
    queries.setQueryData(["now"], { items: [{ finding: finding({ id: "b" }), why: "It is yours.", together: [finding({ id: "c" })] }, { finding: finding({ id: "d" }), why: "It is overdue.", together: [finding({ id: "b" })] }], counts: {} });
    showEverywhere(queries, finding({ id: "b", version: 5, title: "New title" }));
    expect(queries.getQueryData<Pages>(["findings", { state: "active" }])?.pages[0]?.items[1]?.title).toBe("New title");
    expect(queries.getQueryData(["now"])).toMatchObject({ items: [{ finding: { title: "New title" }, why: "It is yours.", together: [{ id: "c" }] }, { finding: { id: "d" }, together: [{ title: "New title" }] }] });
  });
});

import { relative } from "node:path";
import { catalogStamp, loadCatalog, type Catalog, type Problem } from "@corduroy/core/catalog";

/** How often the files are looked at, by size and time. */
const LOOK_MS = 10_000;

/** The catalog of a folder, as it was last read whole. Each process reads its own. */
export class CatalogWatch {
  catalog: Catalog | null = null;
  /** What is wrong with the files as they are now; paths are relative to the folder. */
  problems: Problem[] = [];
  private stamp = "";
  private before: ReadonlySet<string> = new Set();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    readonly folder: string | null,
    private readonly onTrouble: (text: string) => void,
  ) {
    // A folder that cannot be read for a moment is looked at again.
    this.timer = setInterval(() => void this.look().catch(() => undefined), LOOK_MS).unref();
  }

  /** @param folder with `catalog-info.yaml` files; null for no catalog @param onTrouble told in plain words of a version that is not used */
  static async open(folder: string | null, onTrouble: (text: string) => void): Promise<CatalogWatch> {
    const watch = new CatalogWatch(folder, onTrouble);
    await watch.look();
    return watch;
  }

  /**
   * Reads the files again if they have changed. A version with new problems in which teams or services are missing that were there before is not used: a slip of the
   * pen must not send everybody's findings to the security team. Its problems are shown all the same.
   */
  async look(): Promise<void> {
    if (this.folder === null) return;
    const stamp = await catalogStamp([this.folder]);
    if (stamp === this.stamp) return;
    const { catalog, problems } = await loadCatalog([this.folder]);
    this.stamp = stamp;
    this.problems = problems.map((problem) => ({ ...problem, file: relative(this.folder!, problem.file) || problem.file }));
    const known = new Set(this.problems.map(({ file, message }) => `${file} ${message}`));
    const broken = this.catalog !== null && [...known].some((problem) => !this.before.has(problem)) && isMissing(this.catalog, catalog);
    if (broken) return this.onTrouble(`The catalog was changed and has new problems, so the version before is still used. The first: ${this.problems[0]?.file ?? ""}: ${this.problems[0]?.message ?? ""}`);
    this.catalog = catalog;
    this.before = known;
  }

  close(): void {
    clearInterval(this.timer);
  }
}

function isMissing(before: Catalog, after: Catalog): boolean {
  const there = new Set([...after.teams, ...after.services].map(({ ref }) => ref));
  return [...before.teams, ...before.services].some(({ ref }) => !there.has(ref));
}

import { SCRIPTS, UNNEEDED, type Script } from "./scripts.ts";
import { makeTemplate, play } from "./stage.ts";

/** A call site of a sync, and what happened when it did nothing. */
export interface SiteReport {
  site: string;
  script: string;
  /** What was lost, or did not start any more, in a sentence. */
  fault: string;
}

export interface CallSites {
  root: string;
  seed: number;
  /** Which scripts, and which of the call sites that each of them shows to be needed. */
  chosen: readonly { script: Script; sites: readonly string[] }[];
  say: (text: string) => void;
}

/** All scripts with all of their call sites. */
export const EVERYTHING: CallSites["chosen"] = SCRIPTS.map((script) => ({ script, sites: script.shows }));

/**
 * Takes out one sync after another: each script must end well with all of them, and badly without any one of those it shows to be needed.
 * @throws Error when it is otherwise, and when a script meets a call site of which nobody says whether it is needed
 */
export async function takeOutSyncs({ root, seed, chosen, say }: CallSites): Promise<SiteReport[]> {
  const template = await makeTemplate(root);
  const known = new Set([...SCRIPTS.flatMap(({ shows }) => shows), ...UNNEEDED.keys()]);
  const again = `Seed ${seed}. Again: npm run soak -- --kills 0 --power 0 --seed ${seed}`;
  const reports: SiteReport[] = [];
  try {
    for (const { script, sites } of chosen) {
      const whole = await play(root, template, script, seed, "");
      if (whole.faults.length > 0) throw new Error(`although no sync was taken out, when ${script.name}: ${whole.faults.join("\n")}\n\n${again}`);
      const strange = whole.sites.filter((site) => !known.has(site));
      if (strange.length > 0) throw new Error(`no script shows whether these syncs are needed (scripts.ts): ${strange.join("; ")}`);
      for (const site of sites) {
        const { sites: met, faults } = await play(root, template, script, seed, site);
        if (!met.includes(site)) throw new Error(`${script.name}, and the sync at ${site} is never met (scripts.ts)`);
        const [fault] = faults;
        if (fault === undefined) throw new Error(`without the sync at ${site} nothing goes wrong when ${script.name}\n\n${again}`);
        reports.push({ site, script: script.name, fault: fault.replaceAll(/\s+/g, " ").slice(0, 200) });
        say(`${script.name}, without ${site}: ${reports.at(-1)!.fault}`);
      }
    }
  } finally {
    template.remove();
  }
  return reports;
}

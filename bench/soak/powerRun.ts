import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { setUp } from "../service/account.ts";
import { checkLake, quiet } from "../service/lakeCheck.ts";
import { Ledger } from "../service/ledger.ts";
import { kill } from "../service/program.ts";
import { Random } from "../service/random.ts";
import { Bodies } from "./bodies.ts";
import { Disk } from "./disk/disk.ts";
import { chance, cutPower } from "./disk/powerCut.ts";
import { newPlace } from "./place.ts";
import { Senders } from "./senders.ts";

export interface PowerRun {
  root: string;
  cuts: number;
  seed: number;
  say: (text: string) => void;
}

export interface PowerReport {
  cuts: number;
  sent: number;
  acknowledged: number;
  events: number;
  parts: number;
}

/** The longest a service may run before its power is cut, in milliseconds. */
const LONGEST_MS = 2_500;

/**
 * Cuts the power of a service that is being sent to, again and again, and looks at the whole lake each time.
 *
 * Now and then its processes are killed first and started again: what those left in the system's memory and not on the disk
 * must not be taken for kept by the next ones.
 * @throws Error with what is wrong, the seed, and where the data are; the data folder is kept then
 */
export async function powerRun({ root, cuts, seed, say }: PowerRun): Promise<PowerReport> {
  const random = new Random(seed);
  const place = await newPlace(root);
  const { program } = place;
  const { data } = program.options;
  const disk = new Disk(data, place.folder);
  const ledger = new Ledger();
  let senders: Senders | null = null;
  try {
    const { events: token } = await setUp(program.origin, await program.start(disk.environment()));
    senders = new Senders({ origin: program.origin, token, ledger, bodies: new Bodies(ledger, new Random(seed + 1), String(seed)), random: new Random(seed + 2) });
    let events = 0;
    let parts = 0;
    for (let cut = 1; cut <= cuts; cut++) {
      if (random.chance(0.3)) {
        await wait(random.between(0, LONGEST_MS));
        for (const pid of program.processes().server) kill(pid);
        while (program.alive) await wait(5);
        await program.start(disk.environment());
        await wait(random.between(0, 200));
      } else await wait(random.between(0, LONGEST_MS));
      await program.killAll();
      cutPower(disk, chance(random), random);
      await program.start(disk.environment());
      await senders.pause();
      await quiet(data);
      const { held, faults } = await checkLake(data, ledger);
      if (faults.length > 0) throw new Error(`after cut ${cut}: ${faults.join("\n")}`);
      ({ events, parts } = held);
      senders.resume();
      if (cut % 10 === 0) say(`${cut} power cuts, ${events} events in ${parts} parts, ${ledger.acknowledged} of ${ledger.sent} acknowledged`);
    }
    await senders.stop();
    await program.stop();
    place.remove();
    return { cuts, sent: ledger.sent, acknowledged: ledger.acknowledged, events, parts };
  } catch (error) {
    void senders?.stop().catch(() => undefined);
    await program.killAll();
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\nSeed ${seed}. Again: npm run soak -- --kills 0 --power ${cuts} --seed ${seed}\nThe data are in ${place.folder}, the service's log in ${join(place.folder, "log")}`, { cause: error });
  }
}

import { checkLake, quiet, type Held } from "../service/lakeCheck.ts";
import { Ledger } from "../service/ledger.ts";
import { Random } from "../service/random.ts";
import { setUp } from "../service/account.ts";
import { Bodies } from "./bodies.ts";
import { killOnce, TARGETS, type Target } from "./kills.ts";
import { newPlace, type Place } from "./place.ts";
import { Senders } from "./senders.ts";

export interface KillRun {
  root: string;
  kills: number;
  seed: number;
  say: (text: string) => void;
}

/** What a run has shown. */
export interface KillReport extends Omit<Held, "numbers"> {
  kills: Record<Target, number>;
  sent: number;
  acknowledged: number;
  unclear: number;
}

/** Kills between two looks at the whole lake. */
const BETWEEN_CHECKS = 25;
const MERGE_EVERY = 25;

/**
 * Kills a service that is being sent to, again and again, and holds its lake against what its senders were told.
 * @throws Error with what is wrong, the seed, and where the data are; the data folder is kept then
 */
export async function killRun({ root, kills, seed, say }: KillRun): Promise<KillReport> {
  const random = new Random(seed);
  const place = await newPlace(root);
  const { program } = place;
  const ledger = new Ledger();
  const counts = Object.fromEntries(TARGETS.map((target) => [target, 0])) as Record<Target, number>;
  let senders: Senders | null = null;
  try {
    const { events: token } = await setUp(program.origin, await program.start());
    senders = new Senders({ origin: program.origin, token, ledger, bodies: new Bodies(ledger, new Random(seed + 1), String(seed)), random: new Random(seed + 2) });
    for (let round = 0, done = 0; done < kills; round++) {
      // Each in turn first, then as the seed will have it; a merge is waited for now and then, and hit also when it comes by itself.
      const wanted = round < TARGETS.length ? TARGETS[round]! : round % MERGE_EVERY === 0 ? "compaction" : random.pick(TARGETS.filter((each) => each !== "compaction"));
      const { target, victims } = await killOnce(program, wanted, random);
      if (victims === 0) continue;
      counts[target]++;
      done++;
      if (done % BETWEEN_CHECKS === 0) say(`${done} kills, ${await looked(place, ledger, senders)}`);
    }
    await looked(place, ledger, senders);
    await senders.stop();
    const { held, faults } = await checkLake(program.options.data, ledger);
    if (faults.length > 0) throw new Error(faults.join("\n"));
    await program.stop();
    place.remove();
    const { numbers: _numbers, ...figures } = held;
    return { ...figures, kills: counts, sent: ledger.sent, acknowledged: ledger.acknowledged, unclear: senders.unclear };
  } catch (error) {
    void senders?.stop().catch(() => undefined);
    await program.killAll();
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\nSeed ${seed}. Again: npm run soak -- --kills ${kills} --power 0 --seed ${seed}\nThe data are in ${place.folder}`, { cause: error });
  }
}

/** Lets the service come to rest, and looks at its lake. */
async function looked(place: Place, ledger: Ledger, senders: Senders): Promise<string> {
  const { data } = place.program.options;
  await senders.pause();
  await quiet(data);
  const { held, faults } = await checkLake(data, ledger);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  senders.resume();
  return `${held.events} events in ${held.parts} parts, ${ledger.acknowledged} of ${ledger.sent} acknowledged`;
}

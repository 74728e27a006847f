/** `killedWorker.ts ADDRESS QUEUE`: takes a job of a queue, says so, and never ends it. */
import { openDatabase, type Address } from "../../store/index.ts";
import { openJobs } from "../index.ts";

const [address = "", queue = ""] = process.argv.slice(2);
const jobs = await openJobs(openDatabase(JSON.parse(address) as Address), { onTrouble: () => undefined });
await jobs.work(queue, async (data) => {
  process.stdout.write(JSON.stringify(data));
  await new Promise(() => setInterval(() => undefined, 60_000));
});

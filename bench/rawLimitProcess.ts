// node tools/run-ts.mjs bench/rawLimitProcess.ts FILES OUT LARGEST: the raw limit in a process of its own; prints its result as JSON.
import { runRawLimit } from "./rawLimit.ts";

const [files = "", out = "", largest = ""] = process.argv.slice(2);
console.log(JSON.stringify(await runRawLimit(files, out, Number(largest))));

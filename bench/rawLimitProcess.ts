// node tools/run-ts.mjs bench/rawLimitProcess.ts FILES OUT [LARGEST]: the raw limit in a process of its own; prints its result as JSON. Without LARGEST the files are lines of text.
import { rawLimitStatement, runRawLimit, textLimitStatement } from "./rawLimit.ts";

const [files = "", out = "", largest] = process.argv.slice(2);
console.log(JSON.stringify(await runRawLimit(largest === undefined ? textLimitStatement(files, out) : rawLimitStatement(files, out, Number(largest)), out)));

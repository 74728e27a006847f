// The process that runs one query of a person; started by `corduroy query`, never by hand.
import { runQueryChild } from "@corduroy/core/search";

await runQueryChild();

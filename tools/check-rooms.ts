// npm run rooms: who may import whom (ARCHITECTURE.md), checked on every import; and that every verb asks the policies.
import { fileURLToPath } from "node:url";
import { checkRooms } from "./rooms/check.ts";
import { checkVerbs } from "./verbs/check.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const rooms = checkRooms(root);
const verbs = checkVerbs(root);
for (const problem of [...rooms.problems, ...verbs.problems]) console.error(problem);
const countOf = ({ length }: readonly string[]): string => `${length} ${length === 1 ? "problem" : "problems"}`;
console.log(`rooms: ${rooms.files} files, ${countOf(rooms.problems)}\nverbs: ${verbs.verbs}, ${countOf(verbs.problems)}`);
if (rooms.problems.length + verbs.problems.length > 0) process.exitCode = 1;

// npm run rooms: who may import whom (ARCHITECTURE.md), checked on every import.
import { fileURLToPath } from "node:url";
import { checkRooms } from "./rooms/check.ts";

const { files, problems } = checkRooms(fileURLToPath(new URL("..", import.meta.url)));
for (const problem of problems) console.error(problem);
console.log(`rooms: ${files} files, ${problems.length} ${problems.length === 1 ? "problem" : "problems"}`);
if (problems.length > 0) process.exitCode = 1;

export { openJobs, type Jobs } from "./openJobs.ts";

/** How input objects are found and opened. */
export type { AwsKeys, ObjectRef, S3Ref, Skipped, Unreadable } from "./reference.ts";
export { listInputs } from "./listInputs.ts";
export { openObject, readSmallObject } from "./openObject.ts";
export { whyNotALog } from "./logNames.ts";
export { folderOf, parseS3Address, type S3Address } from "./s3Address.ts";
export { s3Failure } from "./s3Failure.ts";
export { listPages } from "./s3Pages.ts";
export { connectS3, type S3Store } from "./s3Store.ts";
export { parseSince } from "./since.ts";
export { goOnAfter } from "./trailDays.ts";

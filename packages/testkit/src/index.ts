/** Fakes of foreign services that speak the real protocol over loopback. For tests only. */
export { fakeS3, type FakeS3, type FakeS3Options } from "./s3/fakeS3.ts";
export type { ObjectSource } from "./s3/buckets.ts";
export type { S3Operation, S3Request } from "./s3/request.ts";
export { accessDenied, cutAfter, expiredToken, heldUntil, reset, slowDown, type Fault } from "./s3/faults.ts";

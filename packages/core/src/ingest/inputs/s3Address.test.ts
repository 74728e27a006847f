import { expect, it } from "vitest";
import { folderOf, isS3Address, parseS3Address } from "./s3Address.ts";

it.each([
  ["s3://bucket", { bucket: "bucket", prefix: "", openEnded: false }, ""],
  ["s3://bucket/", { bucket: "bucket", prefix: "", openEnded: false }, ""],
  ["s3://bucket/AWSLogs", { bucket: "bucket", prefix: "AWSLogs", openEnded: false }, "AWSLogs/"],
  ["s3://bucket/AWSLogs/", { bucket: "bucket", prefix: "AWSLogs/", openEnded: false }, "AWSLogs/"],
  ["s3://bucket/2026/11/0*", { bucket: "bucket", prefix: "2026/11/0", openEnded: true }, "2026/11/0"],
  ["S3://my.bucket-1//odd", { bucket: "my.bucket-1", prefix: "/odd", openEnded: false }, "/odd/"],
])("%s", (input, address, folder) => {
  expect(isS3Address(input)).toBe(true);
  expect(parseS3Address(input)).toEqual(address);
  expect(folderOf(address)).toBe(folder);
});

it.each(["s3://", "s3:///key", "s3://a b/key", "s3://bu\ncket/key", "s3://-x/key"])("refuses %j", (input) => {
  expect(parseS3Address(input)).toBeUndefined();
});

/** Keys of an assumed role, good for an hour: they travel from process to process in memory, and nowhere else. */
export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/**
 * One object to read: plain data, so that it can be sent to another process, which opens it with `openObject`.
 * Names are as they were found and may hold control characters; whoever prints them escapes them.
 */
export type ObjectRef =
  | {
      kind: "file";
      /** The path as a person would name it: the input as given, joined with the names below it. */
      location: string;
      /** Bytes on disk, before decompression; 0 for a named pipe, whose size nobody knows. */
      size: number;
      /** Last change, in milliseconds since the epoch. */
      modified: number;
    }
  | {
      kind: "s3";
      /** `s3://bucket/key` */
      location: string;
      bucket: string;
      key: string;
      /** Bytes as stored. */
      size: number;
      /** The entity tag without its quotes: another content has another tag. */
      version: string;
      /** Last change, in milliseconds since the epoch. */
      modified: number;
      /** It lies in an archive, and cannot be read before it is restored. */
      archived?: true;
      /** Whom to read it as; left out for the identity of the environment. */
      keys?: AwsKeys;
    }
  | { kind: "stdin"; location: "stdin"; size: null };

export type S3Ref = Extract<ObjectRef, { kind: "s3" }>;

/** Something that was asked for and cannot be read. `reason` is a sentence that says what to do. */
export interface Unreadable {
  location: string;
  reason: string;
}

/**
 * Things that were left out on purpose, counted for each input and reason: not an error, but never silent either.
 * Has the shape of `Unreadable`; `skipped` tells them apart. A folder that was not entered counts as one.
 */
export interface Skipped extends Unreadable {
  skipped: number;
}

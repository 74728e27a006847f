import { Unavailable } from "../../../kernel/index.ts";
import { objectsAt } from "../../../lake/index.ts";
import { connectS3, folderOf, goOnAfter, listPages, parseS3Address, s3Failure, whyNotALog, type AwsKeys, type S3Address, type S3Ref, type S3Store } from "../../inputs/index.ts";
import { assumedRole } from "../awsIdentity.ts";
import { takeIn, type Intake } from "../takeIn.ts";
import type { CollectorRow } from "../store.ts";
import { withNames, type ListedPage, type Listing } from "./listing.ts";

/** A bucket, or a folder of it, and whom it is read as. */
export interface Reach {
  address: S3Address;
  store: S3Store;
  /** Keys for whoever reads its objects; null for the credentials of the environment. */
  keys: (() => Promise<AwsKeys>) | null;
}

/** Connects to the bucket of a collector. */
export async function reachBucket({ url, role }: Pick<CollectorRow, "url" | "role">): Promise<Reach> {
  const keys = role === null ? null : assumedRole(role);
  const store = await connectS3(keys === null ? {} : { config: { credentials: keys } });
  return { address: parseS3Address(url)!, store, keys };
}

/** The logs of a bucket or of a folder in it, in the order of their keys. A place in it is a key. @param pageSize keys a request; 1,000 at most */
export function bucketListing({ address, store, keys }: Reach, intake: Intake, pageSize?: number): Listing<S3Ref> {
  return {
    page: (from, floor) => logsAfter({ address, store }, from, floor, pageSize),
    missing: async (objects) => {
      const versions = new Set((await objectsAt(intake.db, objects.map(({ location }) => location))).flatMap(({ location, version, done }) => (done ? [versionOf({ location, version })] : [])));
      return objects.filter((object) => !versions.has(versionOf(object)));
    },
    take: (object) => takeIn(intake, object.location, async () => (keys === null ? object : { ...object, keys: await keys() })),
  };
}

/** One page of the logs behind a key. @throws Unavailable, with the permission that is missing */
export async function logsAfter({ address, store }: Pick<Reach, "address" | "store">, from: string, floor: Date, pageSize = 1_000): Promise<ListedPage<S3Ref>> {
  const { bucket } = address;
  const prefix = folderOf(address);
  const after = goOnAfter(from === "" ? prefix : from, floor);
  try {
    const page = await listPages(store, bucket, { Prefix: prefix, MaxKeys: pageSize, ...(after !== prefix && { StartAfter: after }) }).next();
    if (page.done === true) throw new Unavailable(`S3 gave no list of s3://${bucket}/${prefix}.`, { hint: "It is asked for again." });
    const { objects, more } = page.value;
    const last = objects.at(-1)?.key;
    const logs = objects.filter(({ key }) => !key.endsWith("/") && whyNotALog(key) === undefined);
    if (more && last === undefined) throw new Unavailable(`The list of s3://${bucket}/${prefix} goes on behind a page without an object.`, { hint: "It is asked for again." });
    const { named, problem } = withNames(logs);
    return { objects: named, next: more ? goOnAfter(last!, floor) : null, problem };
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    const isDenied = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 403;
    throw new Unavailable(s3Failure(error, { doing: "list", bucket, name: prefix }).reason, { cause: error, ...(isDenied && { hint: `In a policy: ${JSON.stringify(mayList(address))}` }) });
  }
}

/** The smallest policy for a bucket or a folder of it, as JSON for AWS; KMS only where it is encrypted with a key of yours. */
export function bucketNeeds({ url, role }: Pick<CollectorRow, "url" | "role">): string {
  const address = parseS3Address(url)!;
  const policy = { Version: "2012-10-17", Statement: [mayList(address), allow("s3:GetObject", `arn:aws:s3:::${address.bucket}/${folderOf(address)}*`), allow("kms:Decrypt", "arn:aws:kms:REGION:ACCOUNT:key/KEY")] };
  const whose = role === null ? "The identity of the service's machine" : `The role ${role}, which that identity needs sts:AssumeRole on,`;
  return `${whose} needs this policy, with the key in place of REGION, ACCOUNT and KEY, and without the last statement where the objects are not encrypted with a KMS key of yours:\n${JSON.stringify(policy, null, 2)}`;
}

function mayList(address: S3Address): object {
  const folder = folderOf(address);
  return { ...allow("s3:ListBucket", `arn:aws:s3:::${address.bucket}`), ...(folder !== "" && { Condition: { StringLike: { "s3:prefix": `${folder}*` } } }) };
}

function allow(action: string, resource: string): object {
  return { Effect: "Allow", Action: action, Resource: resource };
}

function versionOf({ location, version }: Pick<S3Ref, "location" | "version">): string {
  return `${version} ${location}`;
}

import type { SecretBox } from "../../../identity/index.ts";
import type { Outbound } from "../../../net/index.ts";
import type { Db } from "../../../store/index.ts";
import { whyNotALog } from "../../inputs/index.ts";
import type { Receiver } from "../../receipt/receive.ts";
import { unsealed } from "../poll/sealedReach.ts";
import type { CollectorRow } from "../store.ts";
import { blobService, locationOf, type BlobService } from "./blobService.ts";
import { readBlobs } from "./blobStore.ts";
import { BlobText } from "./blobText.ts";
import { containerReach, parseContainer } from "./containerReach.ts";
import { withNames, type Listed, type ListedPage, type Listing } from "./listing.ts";
import { receiveBlob } from "./receiveBlob.ts";

/** A blob that may be a log. */
export interface BlobOnList extends Listed {
  name: string;
}

/** Blobs a request: with the longest names the answer is within what is read of one. */
const PAGE = 2_000;
/** A blob that has not changed for so long is over: diagnostic settings and flow logs begin another one each hour. */
const OVER_MS = 2 * 3_600_000;

/** Connects to the container of a collector. @throws Unavailable when it was sealed with another key */
export function reachContainer(row: Pick<CollectorRow, "id" | "url" | "sealed">, box: SecretBox, outbound: Outbound, pageSize = PAGE): BlobService {
  return blobService(parseContainer(row.url)!, containerReach.parse(unsealed(box, row)), outbound, pageSize);
}

/** What it takes to take blobs in. */
export interface ContainerIntake {
  db: Db;
  receiver: Pick<Receiver, "receive">;
  now: () => Date;
  /** Blobs that are being read, of whatever collector. */
  underWay: Map<string, Promise<string | null>>;
  signal: AbortSignal;
}

/**
 * The logs of a container, in the order of their names. Blobs of diagnostic settings and flow logs grow for an hour: what is new of one is received as a body is, and where that ends is written down.
 */
export function containerListing(row: CollectorRow, service: BlobService, { db, receiver, now, underWay, signal }: ContainerIntake): Listing<BlobOnList> {
  const isOver = ({ modified }: Listed): boolean => now().getTime() - modified > OVER_MS;
  const take = async (blob: BlobOnList): Promise<string | null> => {
    const { name, location } = blob;
    const other = underWay.get(location);
    if (other) return other.then(() => take(blob), () => take(blob));
    const taken = (async () => {
      const text = await BlobText.open(service, name);
      return text === null ? null : receiveBlob(location, text, { db, receiver, source: row.source, sender: `collector:${row.id}`, signal }, isOver(blob));
    })().finally(() => underWay.delete(location));
    underWay.set(location, taken);
    return taken;
  };
  return {
    page: (from) => blobsAfter(service, row.url, from),
    missing: async (blobs) => {
      const read = await readBlobs(db, blobs.map(({ location }) => location));
      return blobs.filter((blob) => {
        const known = read.get(blob.location);
        return known?.etag !== blob.version || (!known.whole && isOver(blob));
      });
    },
    take,
  };
}

/** One page of the logs of a container. @throws as `BlobService.list` */
export async function blobsAfter(service: BlobService, url: string, marker: string): Promise<ListedPage<BlobOnList>> {
  const { blobs, next } = await service.list(marker);
  const address = parseContainer(url)!;
  const logs = blobs.filter(({ name, bytes }) => bytes > 0 && !name.endsWith("/") && whyNotALog(name) === undefined);
  const { named, problem } = withNames(logs.map(({ name, etag, modified, archived }): BlobOnList => ({ name, location: locationOf(address, name), version: etag, modified, ...(archived && { archived }) })));
  return { objects: named, next: next === "" ? null : next, problem };
}

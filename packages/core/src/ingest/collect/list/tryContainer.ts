import type { BlobService } from "./blobService.ts";
import { BlobText } from "./blobText.ts";
import { blobsAfter } from "./container.ts";

/**
 * Lists one page of a container, and reads the beginning of the first log in it.
 * @returns what was seen, as a sentence
 * @throws Unavailable for what is refused, with the role that is missing; NotYet
 */
export async function tryContainer(service: BlobService, url: string): Promise<string> {
  const { objects } = await blobsAfter(service, url, "");
  const first = objects.find(({ archived }) => !archived);
  if (first === undefined) return `It may list ${url}, where no log lies yet: whether it may read the blobs is seen with the first one.`;
  await BlobText.open(service, first.name);
  return `It may list ${url} and read the blobs there.`;
}

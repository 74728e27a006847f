/** How files are followed while they grow. */
export { bears, FollowedFile, stampOf, type FileStamp, type FollowedText, type Marks } from "./followedFile.ts";
export { halvesOf, type Piece } from "./halves.ts";
export type { Rest } from "./linePortions.ts";
export { newPortions } from "./newPortions.ts";
export { tellSource } from "./tellSource.ts";
export type { Place, Portion } from "./portion.ts";

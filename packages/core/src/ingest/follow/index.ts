/** How files are followed while they grow. */
export { FollowedFile, stampOf, type FileStamp } from "./followedFile.ts";
export { bears, textFrom, type FollowedText, type Marks } from "./followedText.ts";
export { halvesOf, type Piece } from "./halves.ts";
export type { Rest } from "./linePortions.ts";
export { newPortions } from "./newPortions.ts";
export { tellSource } from "./tellSource.ts";
export type { Place, Portion } from "./portion.ts";

import type { FindingDetail, FindingSummary } from "@corduroy/contract";
import { whatChanged } from "./names.ts";

/** A finding as somebody sees it, from a list or its own page. */
export type Seen = FindingSummary | FindingDetail;

/**
 * The version to send for what a person has decided while a dialog was open: the newest one as long as only matches were counted meanwhile, else the one that
 * the person has seen, so that the service refuses it and they hear what somebody else did.
 * @param seen as it was when the dialog opened
 */
export function versionSeen(seen: Seen, now: Seen): number {
  const sameNews = seen.news.join() === now.news.join();
  return sameNews && whatChanged(seen, now).length === 0 ? now.version : seen.version;
}

/**
 * What is said when the service has refused a change as a conflict.
 * @param sent the version that was sent
 * @param seen what the person had before them
 * @returns null when nobody has changed it: then the service's own reason is the one
 */
export function overtakenText(sent: number, seen: Seen, now: Seen): string | null {
  if (now.version === sent) return null;
  const changes = whatChanged(seen, now);
  return `Somebody changed this finding first${changes.length === 0 ? "" : ` (${changes.join("; ")})`}. Yours was not saved.`;
}

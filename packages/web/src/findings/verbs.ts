import { api, ApiError, type FindingDetail, type FindingSummary, type RequestOf } from "@corduroy/contract";
import { useQueryClient } from "@tanstack/react-query";
import { call } from "../app/connection.ts";
import { complain, complainOf, say } from "../app/notices.ts";
import { useSession, whyNot } from "../app/session.ts";
import { useVerb } from "../app/verbs.ts";
import { showEverywhere } from "./cache.ts";
import { whatChanged } from "./names.ts";

type Change = Omit<RequestOf<typeof api.findings.change>["body"], "version">;
type Closing = Omit<RequestOf<typeof api.findings.close>["body"], "version">;

/** What a person can do with a finding. Each needs the version that the person saw, so that nobody undoes what somebody else did. */
export interface FindingVerbs {
  change: (change: Change, done: string) => void;
  assignToMe: () => void;
  close: (closing: Closing) => void;
  reopen: (reason: string) => void;
  comment: (text: string) => void;
  busy: boolean;
}

const CONFLICT = 409;

/**
 * The verbs of one finding, with their messages.
 * @param onDone called after any of them has succeeded
 */
export function useFindingVerbs(finding: FindingSummary, onDone?: () => void): FindingVerbs {
  const queries = useQueryClient();
  const session = useSession();
  const { id, version } = finding;
  const show = (newer: FindingDetail): void => {
    queries.setQueryData(["finding", id], newer);
    showEverywhere(queries, newer);
  };
  const verb = useVerb(({ run }: { run: () => Promise<FindingDetail>; done: string }) => run(), {
    done: (_, { done }) => done,
    refresh: [["now"], ["finding-counts"]],
    onDone: (newer) => {
      show(newer);
      onDone?.();
    },
    onFail: (error) => {
      if (!(error instanceof ApiError) || error.problem.status !== CONFLICT) return complainOf(error);
      void call(api.findings.get, { params: { id } }).then((newer) => {
        const before = queries.getQueryData<FindingDetail>(["finding", id]);
        const changes = before === undefined ? [] : whatChanged(before, newer);
        show(newer);
        complain(`Somebody changed this finding first${changes.length === 0 ? "" : ` (${changes.join("; ")})`}. Yours was not saved.`, "It is up to date now: look, and do it again if it still holds.");
      }, complainOf);
    },
  });
  const go = (done: string, run: () => Promise<FindingDetail>): void => verb.mutate({ run, done });
  const params = { id };
  const change: FindingVerbs["change"] = (what, done) => go(done, () => call(api.findings.change, { params, body: { version, ...what } }));
  return {
    busy: verb.isPending,
    change,
    assignToMe: () => {
      const reason = whyNot(session, "findings.triage", finding.team);
      if (reason !== null || session === null) return complain(reason ?? "");
      if (finding.owner?.id === session.user.id) return say("It is yours already.");
      change({ owner: session.user.id }, "It is yours now.");
    },
    close: (closing) => go("Closed.", () => call(api.findings.close, { params, body: { version, ...closing } })),
    reopen: (reason) => go("Open again.", () => call(api.findings.reopen, { params, body: { version, reason } })),
    comment: (text) => go("Comment added.", () => call(api.findings.comment, { params, body: { text } })),
  };
}

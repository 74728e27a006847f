import { api, ApiError, type FindingDetail, type RequestOf } from "@corduroy/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../app/connection.ts";
import { complain, complainOf, say } from "../app/notices.ts";
import { useSession, whyNot } from "../app/session.ts";
import { useVerb } from "../app/verbs.ts";
import { showEverywhere } from "./cache.ts";
import { overtakenText, versionSeen, type Seen } from "./seen.ts";

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
 * The verbs of one finding, with their messages. What a person decides in a dialog, they decide about the finding as it was when they opened it, or as they were
 * told since that it is now.
 * @param onDone called after any of them has succeeded
 */
export function useFindingVerbs(finding: Seen, onDone?: () => void): FindingVerbs {
  const queries = useQueryClient();
  const session = useSession();
  const [seen, setSeen] = useState(finding);
  const { id } = finding;
  const show = (newer: FindingDetail): void => {
    queries.setQueryData(["finding", id], newer);
    showEverywhere(queries, newer);
  };
  const verb = useVerb(({ run }: { sent: number; of: Seen; run: () => Promise<FindingDetail>; done: string }) => run(), {
    done: (_, { done }) => done,
    refresh: [["now"], ["finding-counts"]],
    onDone: (newer) => {
      show(newer);
      onDone?.();
    },
    onFail: (error, { sent, of }) => {
      if (!(error instanceof ApiError) || error.problem.status !== CONFLICT) return complainOf(error);
      void call(api.findings.get, { params: { id } }).then((newer) => {
        const overtaken = overtakenText(sent, of, newer);
        show(newer);
        setSeen(newer);
        if (overtaken === null) complainOf(error);
        else complain(overtaken, "It is up to date now: look, and do it again if it still holds.");
      }, complainOf);
    },
  });
  const go = (done: string, of: Seen, run: (version: number) => Promise<FindingDetail>): void => {
    const sent = versionSeen(of, finding);
    verb.mutate({ sent, of, run: () => run(sent), done });
  };
  const params = { id };
  const change: FindingVerbs["change"] = (what, done) => go(done, finding, (version) => call(api.findings.change, { params, body: { version, ...what } }));
  return {
    busy: verb.isPending,
    change,
    assignToMe: () => {
      const reason = whyNot(session, "findings.triage", finding.team);
      if (reason !== null || session === null) return complain(reason ?? "");
      if (finding.owner?.id === session.user.id) return say("It is yours already.");
      change({ owner: session.user.id }, "It is yours now.");
    },
    close: (closing) => go("Closed.", seen, (version) => call(api.findings.close, { params, body: { version, ...closing } })),
    reopen: (reason) => go("Open again.", seen, (version) => call(api.findings.reopen, { params, body: { version, reason } })),
    comment: (text) => go("Comment added.", finding, () => call(api.findings.comment, { params, body: { text } })),
  };
}

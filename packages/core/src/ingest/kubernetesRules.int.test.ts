import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packMatches } from "./test/packMatches.ts";

const samples = process.env.CORDUROY_SAMPLES;
/** What another tool says of a recording: whether it warns. */
type Expected = Record<string, { detect: boolean; level: string | null }[]>;

it.skipIf(!samples)("warns of the recordings of which Falco warns, once each, and of no other but a lost namespace", async () => {
  const recordings = join(samples!, "kubernetes-audit/falco");
  const expected = JSON.parse(readFileSync(join(recordings, "EXPECTED.json"), "utf8")) as Expected;
  const files = Object.keys(expected);
  const matches = await packMatches("kubernetes", Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(join(recordings, file), "utf8")) as unknown])));
  expect(matches).toEqual({
    "anonymous_creates_namespace_foo.json": ["The API server answered a stranger"],
    "create_cluster_role_pod_exec.json": ["A role was written that allows to enter pods"],
    "create_cluster_role_wildcard_verbs.json": ["A role was written that allows any verb"],
    "create_nginx_pod_no_secctx_1st_container_privileged_2nd_container.json": ["A privileged container was started"],
    "create_nginx_pod_privileged_2nd_container.json": ["A privileged container was started"],
    "create_nginx_pod_sensitive_mount_2nd_container.json": ["A pod got the files of its node"],
    "create_nginx_service_nodeport.json": ["A service was opened on a port of every node"],
    "create_pod_kube_public_namespace.json": ["A pod was started where none belongs"],
    "delete_cluster_role_kube_aggregator.json": ["A role of the cluster's own was changed or deleted"],
    "delete_namespace_foo.json": ["A namespace was deleted with all it held"],
    "modify_cluster_role_node_problem_detector.json": ["A role of the cluster's own was changed or deleted"],
  });
  const warned = files.filter((file) => expected[file]!.some(({ detect, level }) => detect && level === "WARNING"));
  expect(Object.keys(matches).filter((file) => file !== "delete_namespace_foo.json").sort()).toEqual(warned.sort());
});

import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { testRules } from "./ruleTests.ts";

const samples = process.env.CORDUROY_SAMPLES;
const folder = mkdtempSync(join(tmpdir(), "corduroy-rules-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What another tool says of a recording: whether it warns. */
type Expected = Record<string, { detect: boolean; level: string | null }[]>;

it.skipIf(!samples)("warns of the recordings of which Falco warns, once each, and of no other but a lost namespace", async () => {
  const recordings = join(samples!, "kubernetes-audit/falco");
  const expected = JSON.parse(readFileSync(join(recordings, "EXPECTED.json"), "utf8")) as Expected;
  const files = Object.keys(expected);
  // Tests that no rule matches anything: whatever fails is a match.
  const tests = files.map((file) => ({ name: file, match: false, event: JSON.parse(readFileSync(join(recordings, file), "utf8")) as unknown }));
  const pack = fileURLToPath(new URL("../../../../content/rules/kubernetes", import.meta.url));
  for (const name of readdirSync(pack, { recursive: true, encoding: "utf8" }).filter((each) => each.endsWith(".yml") && !each.endsWith(".test.yml"))) {
    copyFileSync(join(pack, name), join(folder, basename(name)));
    writeFileSync(join(folder, basename(name).replace(/yml$/, "test.yml")), JSON.stringify({ tests }));
  }
  const matches: Record<string, string[]> = {};
  for (const { test, rule } of (await testRules([folder])).failures) (matches[test] ??= []).push(rule.title);
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

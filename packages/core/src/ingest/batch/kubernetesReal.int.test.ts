import { join } from "node:path";
import { validate } from "@corduroy/ocsf";
import { beforeAll, describe, expect, it } from "vitest";
import { recognise, sourceById, type JsonRecord } from "../../sources/index.ts";
import { sampleRecords } from "./test/cloudtrailSamples.ts";
import { mapRecords, type Mapped } from "./test/mapRecords.ts";

const samples = process.env.CORDUROY_SAMPLES;

describe.skipIf(!samples)("real audit events of Kubernetes", () => {
  const all = samples ? sampleRecords(join(samples, "kubernetes-audit")).filter(({ file }) => !file.endsWith("EXPECTED.json")) : [];
  const events = all.map(({ file, record }) => ({ file, record: (record["log"] ?? record) as JsonRecord }));
  const good = events.filter(({ file }) => !file.endsWith("fal_01_003.json"));
  let mapped: Mapped[] = [];
  beforeAll(async () => {
    mapped = await mapRecords(sourceById("kubernetes.audit")!, good.map(({ record }) => JSON.stringify(record)));
  });

  it("are recognised without a label, and what is none is not", () => {
    expect(good).toHaveLength(85);
    expect(good.filter(({ record }) => recognise(record).source.id !== "kubernetes.audit")).toEqual([]);
    expect(events.filter(({ record }) => recognise(record).source.id === "generic.json").map(({ record }) => record)).toEqual([{ kind: 0 }]);
  });

  it("give valid OCSF events", () => {
    expect(mapped).toHaveLength(good.length);
    expect(mapped.flatMap(({ ocsf }, index) => validate(ocsf).map((problem) => ({ file: good[index]!.file, problem })))).toEqual([]);
  });

  const read = (file: string, nth = 0): Mapped => mapped[good.map((each, index) => ({ ...each, index })).filter((each) => each.file.endsWith(file))[nth]!.index]!;

  it("say what they say: a shell in a pod", () => {
    const { columns, ocsf } = read("k8s-audit-pod-exec-file.log");
    expect(columns).toMatchObject({
      time: "2023-05-17 15:08:22.76396", event_uid: "57a794de-44d3-40ee-a0ad-c0eb096eef6c:ResponseComplete", operation: "create pods/exec", service: "core", outcome: "success",
      actor_name: "minikube-user", entity_key: "user:minikube-user", address: "192.168.49.1", resource: "foo/pods/test-pod-1", account: null,
    });
    expect(ocsf).toMatchObject({ time: Date.UTC(2023, 4, 17, 15, 8, 22, 763), class_uid: 6003, activity_id: 1, status_code: "101", http_request: { url: { path: "/api/v1/namespaces/foo/pods/test-pod-1/exec", query_string: "command=%2Fbin%2Fbash&container=centos&stdin=true&stdout=true&tty=true" } } });
  });

  it("say what they say: a log read by a role of AWS", () => {
    const { columns, ocsf } = read("Amazon.EKS.Audit.jsonl");
    expect(columns).toMatchObject({
      time: "2022-11-29 00:09:04.38", operation: "get pods/log", outcome: "success", actor_name: "kubernetes-admin", entity_key: "role:DevAdministrator",
      access_key: "ASIARLIVEKVNN6Y6J5UW", address: "5.5.5.5", resource: "default/pods/kube-bench-drn4j", account: null,
    });
    expect(ocsf).toMatchObject({ activity_id: 2, status: "Success", actor: { user: { uid: "aws-iam-authenticator:123412341234:AROARLIVEKVNIRVGDLJWJ", account: { uid: "123412341234" } }, session: { uid: "1669660343296132000" } } });
  });

  it("say what they say: a request of a workload that is refused", () => {
    const { columns, ocsf } = read("Amazon.EKS.Audit.jsonl", 2);
    expect(columns).toMatchObject({
      time: "2022-11-29 22:34:06.892", operation: "watch endpointslices", service: "discovery.k8s.io", outcome: "403", entity_key: "role:kube-system/coredns",
      address: "5.5.5.5", resource: "endpointslices", account: null,
    });
    expect(ocsf).toMatchObject({ activity_id: 2, status: "Failure", status_code: "403", resources: [{ name: "endpointslices", type: "endpointslices" }] });
  });

  it("say what they say: a role of the system that is deleted", () => {
    const { columns } = read("delete_cluster_role_kube_aggregator.json");
    expect(columns).toMatchObject({ time: "2018-10-26 14:02:54.905205", operation: "delete clusterroles", outcome: "success", entity_key: "user:minikube-user", resource: "clusterroles/system:kube-aggregator" });
  });
});

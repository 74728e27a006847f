import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { vendorOf } from "./poll/vendors.ts";
import { queueNeeds } from "./tryQueue.ts";

const module = (name: string): string => readFileSync(new URL(`../../../../../deploy/terraform/${name}/main.tf`, import.meta.url), "utf8");

it("gives the role of AWS the policy that a test of the collector asks for", () => {
  const text = module("aws/role");
  const statements = [...text.matchAll(/^ +\{ Effect = "Allow", Action = (\["[a-zA-Z0-9:", ]+"\]), Resource = ([\w.]+) \},$/gm)].map(([, action = "", resource = ""]) => ({ Effect: "Allow", Action: JSON.parse(action) as unknown, Resource: resource }));
  // There is no statement that is written otherwise, but the one about who takes the role on.
  expect(text.match(/\b(?:Not)?Action\b/g)).toHaveLength(statements.length + 1);
  expect(text).toMatch(/^ +Statement = \[\{ Effect = "Allow", Principal = \{ AWS = var\.principals \}, Action = "sts:AssumeRole" \}\]$/m);
  expect(text).toContain('objects = [for bucket in var.buckets : "arn:${data.aws_partition.this.partition}:s3:::${bucket}/*"]');
  const asked = queueNeeds("https://sqs.eu-west-1.amazonaws.com/111122223333/trail", null);
  const policy = JSON.parse(asked.slice(asked.indexOf("{"))) as { Version: string; Statement: unknown[] };
  const given: Record<string, string> = { "var.queues": "arn:aws:sqs:eu-west-1:111122223333:trail", "local.objects": "arn:aws:s3:::BUCKET/*", "var.kms_keys": "arn:aws:kms:eu-west-1:111122223333:key/KEY" };
  expect({ Version: /Version += "([\d-]+)"/.exec(text)?.[1], Statement: statements.map((each) => ({ ...each, Resource: given[each.Resource] })) }).toEqual(policy);
});

it("gives the application of Microsoft Graph the permissions that a test of the collector asks for", () => {
  const { needs } = vendorOf({ kind: "microsoft-graph", address: "https://graph.microsoft.com", login: "https://login.microsoftonline.com", tenant: "corp.example", client: "1b4e28ba-2fa1-11d2-883f-0016d3cca427", log: "signIns", secret: "not-a-secret" });
  const text = module("azure/graph");
  const given = [...text.matchAll(/app_role_ids\["([\w.]+)"\]/g)].map(([, name]) => name);
  expect(given).toEqual(needs.match(/\b[A-Z]\w+(?:\.\w+)+/g));
  // All roles that it is given are of that list.
  expect([...text.matchAll(/^ +(?:id|app_role_id) += (.+)$/gm)].map(([, role]) => role)).toEqual(["local.permission", "local.permission"]);
});

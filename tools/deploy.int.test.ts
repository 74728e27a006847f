import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readHelp } from "./docs/commands.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const file = (path: string): string => readFileSync(join(root, path), "utf8");
const flags = (command: string): string[] => readHelp(spawnSync(process.execPath, [join(root, "packages/cli/bin/corduroy.mjs"), command, "--help"], { encoding: "utf8" }).stdout).flags;
/** Paths of the checkout that a text names by where they are installed. */
const installed = (text: string): string[] => [...text.matchAll(/\/opt\/corduroy\/([\w./-]*\w)/g)].map(([, path = ""]) => path);
const longFlags = (words: readonly string[]): string[] => words.filter((word) => word.startsWith("--"));

describe("the unit of systemd", () => {
  const unit = file("deploy/corduroy.service");

  it("starts a program and flags that exist", () => {
    const start = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? "";
    expect(installed(unit).filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(installed(start)).toHaveLength(1);
    expect(longFlags(start.split(" ")).filter((flag) => !flags("up").includes(flag))).toEqual([]);
  });

  it.skipIf(spawnSync("systemd-analyze", ["--version"]).status !== 0)("is one that systemd reads without a complaint, and well hardened", () => {
    const path = join(root, "deploy/corduroy.service");
    const verified = spawnSync("systemd-analyze", ["verify", path], { encoding: "utf8" });
    expect([verified.status, verified.stderr]).toEqual([0, ""]);
    const [, exposure] = /exposure level[^:]*: ([\d.]+)/.exec(spawnSync("systemd-analyze", ["security", "--offline=true", path], { encoding: "utf8" }).stdout) ?? [];
    expect(Number(exposure)).toBeLessThan(3);
  });
});

describe("the container", () => {
  const dockerfile = file("deploy/Dockerfile");

  it("is made of files and flags that exist, and runs as nobody special", () => {
    // What is built inside it is not in the checkout.
    expect(installed(dockerfile).filter((path) => !path.includes("/dist/") && !existsSync(join(root, path)))).toEqual([]);
    const command = JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? "[]") as string[];
    expect(command[0]).toBe("up");
    expect(longFlags(command).filter((flag) => !flags("up").includes(flag))).toEqual([]);
    expect(/^USER (\w+)$/m.exec(dockerfile)?.[1]).toBe("corduroy");
    expect(/node (tools\/[\w.]+)/.exec(dockerfile)?.[1]).toSatisfy((path: string) => existsSync(join(root, path)));
  });

  it.each([
    [200, 0],
    [503, 1],
  ])("asks a service that answers %i for its health, and ends with %i", async (status, code) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(status).end();
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const child = spawn(process.execPath, [join(root, "deploy/healthcheck.mjs")], { env: { ...process.env, CORDUROY_PORT: String((server.address() as AddressInfo).port) } });
    const ended = await new Promise((resolve) => child.on("exit", resolve));
    server.close();
    server.closeAllConnections();
    expect([ended, asked[0]]).toEqual([code, "/readyz"]);
  });
});

describe("Terraform's modules", () => {
  it.skipIf(spawnSync("terraform", ["version"]).status !== 0)("are written as Terraform writes them", () => {
    const { status, stdout, stderr } = spawnSync("terraform", ["fmt", "-check", "-diff", "-recursive", join(root, "deploy/terraform")], { encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
  });

  it("are called with variables and outputs that they have", () => {
    const names = (module: string, of: "variable" | "output"): string[] => [...file(`deploy/terraform/${module}/${of}s.tf`).matchAll(new RegExp(`^${of} "(\\w+)" \\{\\n([\\s\\S]*?)^\\}`, "gm"))].map(([, name = "", body = ""]) => (/^ {2}default /m.test(body) ? `${name}?` : name));
    const page = file("docs/terraform.md");
    const calls = [...page.matchAll(/^module "(\w+)" \{\n([\s\S]*?)^\}/gm)].map(([, call = "", body = ""]) => ({ call, module: /deploy\/terraform\/([\w/]+)"/.exec(body)?.[1] ?? "", given: [...body.matchAll(/^ {2}(\w+) *=/gm)].map(([, name]) => name) }));
    expect(calls.map(({ module }) => module)).toEqual(["aws/bucket", "aws/role", "azure/graph", "azure/eventhub", "azure/storage"]);
    for (const { call, module, given } of calls) {
      const variables = names(module, "variable");
      expect(given.filter((name) => name !== "source" && !variables.includes(`${name}`) && !variables.includes(`${name}?`)), module).toEqual([]);
      expect(variables.filter((name) => !name.endsWith("?") && !given.includes(name)), module).toEqual([]);
      for (const [, output = ""] of page.matchAll(new RegExp(`module\\.${call}\\.(\\w+)`, "g"))) expect(names(module, "output")).toContain(output);
    }
  });
});

import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Forbidden, Unavailable } from "../kernel/index.ts";
import { outbound, type Outbound } from "./index.ts";

const servers: net.Server[] = [];
const sockets = new Set<net.Socket>();
afterEach(async () => {
  vi.restoreAllMocks();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, "close");
  }
});

async function listening(server: net.Server, host = "127.0.0.1", port = 0): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: net.Socket) => void sockets.add(socket.on("error", () => undefined)));
  server.listen(port, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener, host?: string, port?: number): Promise<number> => listening(createServer(listener), host, port);

function way(port: number, more: { timeoutMs?: number; maxBytes?: number; host?: string; resolve?: (host: string) => Promise<string[]> } = {}): Outbound {
  return outbound({ allow: [`${more.host ?? "127.0.0.1"}:${port}`], timeoutMs: more.timeoutMs ?? 20_000, maxBytes: more.maxBytes ?? 1000, now: () => new Date(0), ...(more.resolve ? { resolve: more.resolve } : {}) });
}

const sentence = (promise: Promise<unknown>): Promise<string> => promise.then(() => "no error", (error: unknown) => (error instanceof Unavailable ? error.message : `not Unavailable: ${String(error)}`));

describe("a request to a listed destination", () => {
  it("sends what it is given and brings the answer back, redirects included", async () => {
    const port = await serve((request, response) => {
      request.setEncoding("utf8").once("data", (body: string) => {
        response.writeHead(302, { location: "/other", "x-seen": `${request.method} ${request.url} ${String(request.headers["x-test"])} ${body}` }).end("moved");
      });
    });
    const answer = await way(port).request({ method: "POST", url: `http://127.0.0.1:${port}/a?b=c`, headers: { "x-test": "1" }, body: "hello" });
    expect([answer.status, answer.headers.get("x-seen"), answer.body, answer.complete]).toEqual([302, "POST /a?b=c 1 hello", "moved", true]);
  });

  it("reads no more of the body than it may", async () => {
    const port = await serve((_, response) => {
      const more = (): void => void response.write("x".repeat(65_536), () => response.destroyed || more());
      more();
    });
    const answer = await way(port, { maxBytes: 70_000 }).request({ method: "GET", url: `http://127.0.0.1:${port}/` });
    expect([answer.body.length, answer.complete]).toEqual([70_000, false]);
  });

  it.each([
    ["before the answer", (): undefined => undefined],
    ["in mid-body", (_: unknown, response: Parameters<RequestListener>[1]) => void response.writeHead(200).write("begin")],
  ])("gives up when the time is over, %s", async (_, listener) => {
    const port = await serve(listener);
    expect(await sentence(way(port, { timeoutMs: 150 }).request({ method: "GET", url: `http://127.0.0.1:${port}/secret` }))).toBe(`http://127.0.0.1:${port} did not answer within 0.15 seconds.`);
  });

  it("gives up on a resolver that never answers", async () => {
    const never = way(1, { host: "slow.example", timeoutMs: 50, resolve: () => new Promise(() => undefined) });
    expect(await sentence(never.request({ method: "GET", url: "http://slow.example:1/secret" }))).toBe("http://slow.example:1 did not answer within 0.05 seconds.");
  });

  it("says that nobody listens, that the answer broke off, and that it is no HTTP, without the path", async () => {
    const closed = await serve((request) => request.socket.destroy());
    const garbage = await listening(net.createServer((socket) => socket.end("garbage secret\r\n\r\n")));
    const nobody = await serve(() => undefined);
    const gone = servers.pop() as net.Server;
    gone.close();
    await once(gone, "close");
    for (const [port, code] of [[closed, "UND_ERR_SOCKET"], [garbage, "HTTPParserError"], [nobody, "ECONNREFUSED"]] as const) {
      expect(await sentence(way(port).request({ method: "GET", url: `http://127.0.0.1:${port}/secret?secret` }))).toBe(`http://127.0.0.1:${port} could not be reached (${code}).`);
    }
  });

  it("does not speak TLS with a stranger, even where plain HTTP would be allowed", async () => {
    const port = await listening(tls.createServer({}));
    expect(await sentence(way(port).request({ method: "GET", url: `https://127.0.0.1:${port}/secret` }))).toMatch(/could not be reached \(\w+\)\.$/);
  });
});

describe("a name that answers differently the second time", () => {
  it("is asked once, and the connection goes to the address that was checked", async () => {
    const first = await serve((_, response) => void response.end("first"));
    const second = vi.fn<RequestListener>((_, response) => void response.end("second"));
    await serve(second, "127.0.0.2", first);
    const answers = [["127.0.0.1"], ["127.0.0.2"]];
    const resolve = vi.fn(() => Promise.resolve(answers.shift() ?? []));
    const answer = await way(first, { host: "rebind.example", resolve }).request({ method: "GET", url: `http://rebind.example:${first}/` });
    expect([answer.body, resolve.mock.calls.length, second.mock.calls.length]).toEqual(["first", 1, 0]);
  });

  it("public first and private then: the socket is told the public address only", async () => {
    const answers = [["93.184.215.14", "2606:2800:21f::1"], ["127.0.0.1"]];
    const resolve = vi.fn(() => Promise.resolve(answers.shift() ?? []));
    const told: unknown[] = [];
    // The test may not reach the Internet: the last step before the network notes where it would go, and fails.
    vi.spyOn(tls, "connect").mockImplementation(((options: tls.ConnectionOptions) => {
      options.lookup?.(options.host ?? "", { all: true }, (_, addresses) => told.push(options.host, options.servername, addresses));
      return new net.Socket().destroy(new Error("not in a test"));
    }) as typeof tls.connect);
    const unlisted = outbound({ allow: [], timeoutMs: 20_000, maxBytes: 10, now: () => new Date(0), resolve });
    expect(await sentence(unlisted.request({ method: "GET", url: "https://rebind.example/" }))).toBe("https://rebind.example could not be reached (Error).");
    expect(told).toEqual(["rebind.example", "rebind.example", [{ address: "93.184.215.14", family: 4 }, { address: "2606:2800:21f::1", family: 6 }]]);
    await expect(unlisted.request({ method: "GET", url: "https://rebind.example/" })).rejects.toBeInstanceOf(Forbidden);
    expect(told).toHaveLength(3);
  });
});

describe("a connection", () => {
  it("is made to listed places only, and is cut when the time is over", async () => {
    const port = await listening(net.createServer());
    const { socket, listed } = await way(port, { timeoutMs: 200 }).connect("127.0.0.1", port);
    expect(listed).toBe(true);
    await new Promise((closed) => socket.once("close", closed));
    const lasting = await way(port, { timeoutMs: 200 }).connect("127.0.0.1", port, "lasts");
    const other = await way(port, { timeoutMs: 400 }).connect("127.0.0.1", port);
    await new Promise((closed) => other.socket.once("close", closed));
    expect(lasting.socket.destroyed).toBe(false);
    lasting.socket.destroy();
    await expect(outbound({ allow: [], timeoutMs: 1000, maxBytes: 1, now: () => new Date(0) }).connect("127.0.0.1", port)).rejects.toBeInstanceOf(Forbidden);
  });
});

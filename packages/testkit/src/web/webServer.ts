import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a web fake does instead of answering as usual. */
export type WebFault =
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: string }
  /** Takes the request and never answers. */
  | { kind: "hang" }
  /** Breaks the connection before an answer. */
  | { kind: "close" }
  /** Sends half of the answer's body, and then nothing more. */
  | { kind: "half" };

export interface WebRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface WebAnswer {
  status: number;
  body: string | Buffer;
  headers?: Record<string, string>;
}

export interface WebServer {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** `127.0.0.1:port` */
  readonly place: string;
  /** Every request so far, those answered with a fault included. */
  readonly requests: readonly WebRequest[];
  /** Those whose answer, or the half of it, has been handed to the operating system. */
  readonly answered: readonly WebRequest[];
  /** What goes wrong from now on; without an argument, nothing. */
  fail(fault?: WebFault): void;
  stop(): Promise<void>;
}

const MOST_BYTES = 4 * 1024 * 1024;

/** Starts a web server on a free port of the loopback interface, that answers whole requests. */
export async function webServer(answerTo: (request: WebRequest) => WebAnswer): Promise<WebServer> {
  const requests: WebRequest[] = [];
  const answered: WebRequest[] = [];
  let fault: WebFault | undefined;

  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_BYTES) message.destroy();
      else chunks.push(chunk);
    });
    message.on("end", () => {
      const request = { method: message.method ?? "", path: message.url ?? "", headers: message.headers, body: Buffer.concat(chunks).toString("utf8") };
      requests.push(request);
      const isOut = (): void => void answered.push(request);
      if (fault?.kind === "close") message.socket.destroy();
      else if (fault?.kind === "half") sendHalf(response, answerTo(request), isOut);
      else if (fault?.kind !== "hang") send(response, fault === undefined ? answerTo(request) : { body: "", ...fault }, isOut);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin: `http://${place}`,
    place,
    requests,
    answered,
    fail: (next) => {
      fault = next;
    },
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, { status, body, headers = {} }: WebAnswer, isOut: () => void): void {
  response.writeHead(status, headers).end(body, isOut);
}

function sendHalf(response: ServerResponse, { status, body, headers = {} }: WebAnswer, isOut: () => void): void {
  const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
  response.writeHead(status, { ...headers, "content-length": bytes.length }).write(bytes.subarray(0, bytes.length / 2), isOut);
}

/** The body as a JSON object, or undefined for anything else. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the request says that its body is JSON. */
export function saysJson(request: WebRequest): boolean {
  return /^application\/json\b/.test(request.headers["content-type"] ?? "");
}

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { LogsTaken } from "@corduroy/contract";
import { problemOf } from "./problem.ts";

const PROTOBUF = "application/x-protobuf";

/** google.rpc.Code of an HTTP status. */
const CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 413: 8, 429: 8, 500: 13, 503: 14 };
const UNKNOWN = 2;

/** Whether a request's body is protobuf; the answer is then, too. */
export function isProtobuf({ headers }: Pick<FastifyRequest, "headers">): boolean {
  return headers["content-type"]?.split(";")[0]?.trim().toLowerCase() === PROTOBUF;
}

/** Answers with an ExportLogsServiceResponse (OTLP 1.x, "OTLP/HTTP Response"). */
export function answerLogs(reply: FastifyReply, request: FastifyRequest, taken: LogsTaken): FastifyReply {
  return send(reply.code(200), request, taken, () => {
    const { partialSuccess } = taken;
    if (partialSuccess === undefined) return new Uint8Array();
    const partial = new BinaryWriter().tag(1, WireType.Varint).int64(partialSuccess.rejectedLogRecords).tag(2, WireType.LengthDelimited).string(partialSuccess.errorMessage).finish();
    return new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(partial).finish();
  });
}

/** Answers with a google.rpc.Status ("Failures"), and with the status and headers that any route has. */
export function refuseLogs(reply: FastifyReply, request: FastifyRequest, error: unknown, onDefect: (error: unknown) => void): FastifyReply {
  const { status, problem, headers } = problemOf(error);
  if (status === 500) onDefect(error);
  const code = CODES[status] ?? UNKNOWN;
  const message = [problem.detail, ...(problem.hint === undefined ? [] : [problem.hint])].join(" ");
  return send(reply.code(status).headers(headers), request, { code, message }, () => new BinaryWriter().tag(1, WireType.Varint).int32(code).tag(2, WireType.LengthDelimited).string(message).finish());
}

function send(reply: FastifyReply, request: FastifyRequest, json: object, protobuf: () => Uint8Array): FastifyReply {
  const binary = isProtobuf(request);
  return reply.header("Cache-Control", "no-store").type(binary ? PROTOBUF : "application/json").send(binary ? Buffer.from(protobuf()) : JSON.stringify(json));
}

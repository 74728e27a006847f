import { readMrkdwn, type SlackReading } from "./slackText.ts";
import { isObject, jsonObject, saysJson, webServer, type WebServer } from "./webServer.ts";

export interface SlackMessage {
  /** What notifications show. */
  fallback: SlackReading;
  /** Every text of the blocks, in order. */
  texts: SlackReading[];
  blocks: readonly Record<string, unknown>[];
}

export interface FakeSlack extends WebServer {
  /** The incoming webhook's address; its path is the secret. */
  readonly url: string;
  readonly messages: readonly SlackMessage[];
}

/** Limits of Block Kit: the most characters of a text, by where it stands. */
const HEADER_TEXT = 150;
const SECTION_TEXT = 3000;
const FIELD_TEXT = 2000;
const MOST_FIELDS = 10;
const MOST_BLOCKS = 50;
const FALLBACK_TEXT = 40_000;

/** Starts an incoming webhook of Slack on a free port of the loopback interface; blocks that Block Kit does not allow get 400 `invalid_blocks`. */
export async function fakeSlack(): Promise<FakeSlack> {
  const path = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX";
  const messages: SlackMessage[] = [];
  const server = await webServer((request) => {
    if (request.path !== path) return { status: 404, body: "no_service" };
    const message = request.method === "POST" && saysJson(request) ? jsonObject(request.body) : undefined;
    if (message === undefined) return { status: 400, body: "invalid_payload" };
    const { text, blocks = [] } = message;
    if (typeof text !== "string" || text === "") return { status: 400, body: "no_text" };
    if (text.length > FALLBACK_TEXT) return { status: 400, body: "msg_too_long" };
    if (!Array.isArray(blocks) || blocks.length > MOST_BLOCKS || !blocks.every(isObject)) return { status: 400, body: "invalid_blocks" };
    const texts: SlackReading[] = [];
    for (const block of blocks) {
      const found = readBlock(block);
      if (found === undefined) return { status: 400, body: "invalid_blocks" };
      texts.push(...found);
    }
    messages.push({ fallback: readMrkdwn(text, message["link_names"] !== true), texts, blocks });
    return { status: 200, body: "ok" };
  });
  return { ...server, url: `${server.origin}${path}`, messages };
}

/** The texts of one block; undefined for one that Slack would refuse. */
function readBlock(block: Record<string, unknown>): SlackReading[] | undefined {
  const { type, text, fields, elements } = block;
  if (type === "header") return all([isObject(text) && text["type"] === "plain_text" ? readText(text, HEADER_TEXT) : undefined]);
  if (type === "context") return Array.isArray(elements) && elements.length >= 1 && elements.length <= 10 ? all(elements.map((element) => readText(element, SECTION_TEXT))) : undefined;
  if (type !== "section" || (text === undefined && fields === undefined)) return undefined;
  if (fields !== undefined && (!Array.isArray(fields) || fields.length === 0 || fields.length > MOST_FIELDS)) return undefined;
  return all([...(text === undefined ? [] : [readText(text, SECTION_TEXT)]), ...((fields as unknown[] | undefined) ?? []).map((field) => readText(field, FIELD_TEXT))]);
}

function readText(text: unknown, limit: number): SlackReading | undefined {
  if (!isObject(text) || typeof text["text"] !== "string" || text["text"] === "" || text["text"].length > limit) return undefined;
  if (text["type"] === "plain_text") return "verbatim" in text ? undefined : { shown: text["text"], mentions: [], links: [] };
  return text["type"] === "mrkdwn" && !("emoji" in text) ? readMrkdwn(text["text"], text["verbatim"] === true) : undefined;
}

function all<T>(items: (T | undefined)[]): T[] | undefined {
  return items.every((item) => item !== undefined) ? items : undefined;
}

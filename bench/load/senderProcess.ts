// node tools/run-ts.mjs bench/load/senderProcess.ts: sends in a process of its own; options come as JSON on stdin, what became of it goes to stdout.
import { text } from "node:stream/consumers";
import { sendLoad, type SenderOptions } from "./sender.ts";

process.stdout.write(JSON.stringify(await sendLoad(JSON.parse(await text(process.stdin)) as SenderOptions)));

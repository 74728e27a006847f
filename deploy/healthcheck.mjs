// Ends with 0 when the service answers that it can do its work. Its certificate is made out to its name, not to this address, so it is not checked here.
import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";

const port = Number(process.env["CORDUROY_PORT"] ?? 7117);

const ready = (request) =>
  new Promise((resolve) => {
    const asked = request({ host: "127.0.0.1", port, path: "/readyz", timeout: 4_000, rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end();
  });

process.exitCode = (await ready(overHttp)) || (await ready(overHttps)) ? 0 : 1;

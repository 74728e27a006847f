import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { Forbidden, Invalid } from "@corduroy/core/kernel";
import { isCode } from "@corduroy/core/lake";
import * as z from "zod";
import { replacePrivateFile } from "../durable.ts";

/** How somebody logs in to one service. */
const Login = z.object({
  token: z.string().min(1).max(4_000),
  /** Who `me` is there: a token itself is nobody. */
  me: z.object({ id: z.string(), name: z.string() }).nullable(),
});
export type Login = z.infer<typeof Login>;

const Logins = z.record(z.string(), Login);

/** `credentials.json` of the user, by the XDG Base Directory Specification. */
export function credentialsFile(env: NodeJS.ProcessEnv): string {
  const config = env["XDG_CONFIG_HOME"];
  return join(config !== undefined && isAbsolute(config) ? config : join(homedir(), ".config"), "corduroy", "credentials.json");
}

/** The login kept for a service; null when there is none. @throws Forbidden for a file that others may read, Invalid for one that is damaged */
export async function loginOf(file: string, origin: string): Promise<Login | null> {
  return (await read(file))[origin] ?? null;
}

/** Keeps a login, or with null forgets it. @returns whether there was one before */
export async function keepLogin(file: string, origin: string, login: Login | null): Promise<boolean> {
  const { [origin]: before, ...others } = await read(file);
  if (login !== null || before !== undefined) await replacePrivateFile(file, `${JSON.stringify(login === null ? others : { ...others, [origin]: login }, null, 2)}\n`);
  return before !== undefined;
}

async function read(file: string): Promise<z.infer<typeof Logins>> {
  let text: string;
  try {
    if (((await stat(file)).mode & 0o077) !== 0) throw new Forbidden(`${file} holds tokens, and others may read it.`, { hint: `Close it with chmod 600 ${file}, and revoke tokens that somebody may have seen.` });
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return {};
    throw error;
  }
  try {
    return Logins.parse(JSON.parse(text));
  } catch (cause) {
    throw new Invalid(`${file} is damaged.`, { hint: "Remove it, and log in again: corduroy login", cause });
  }
}

import { api } from "@corduroy/contract";
import { visible } from "@corduroy/core/kernel";
import { connection, originOf } from "./connect.ts";
import { credentialsFile, keepLogin, loginOf } from "./credentials.ts";
import { person } from "./people.ts";
import { secretLine } from "./secretLine.ts";

/** `corduroy login`: takes a token from standard input, tries it, and keeps it. */
export async function loginCommand({ server, me }: { server?: string; me?: string }): Promise<void> {
  const { env, stdin, stdout, stderr } = process;
  const origin = originOf(server, env);
  const file = credentialsFile(env);
  const before = await loginOf(file, origin);
  const token = await secretLine(`API token for ${origin}: `, stdin, stderr);
  // Every token may ask this, whatever its scopes; one that is no good is refused all the same.
  const service = connection(origin, token, before?.me ?? null);
  await service.call(api.session.options);
  const self = me === undefined ? service.me : await person(service, me);
  await keepLogin(file, origin, { token, me: self });
  stdout.write(`Logged in to ${origin}${self === null ? "" : ` as ${visible(self.name)}`}.\n`);
}

/** `corduroy logout`: forgets the token. It stays good until it is revoked. */
export async function logoutCommand({ server }: { server?: string }): Promise<void> {
  const origin = originOf(server, process.env);
  const had = await keepLogin(credentialsFile(process.env), origin, null);
  process.stdout.write(had ? `Forgotten the token for ${origin}. It stays good until somebody revokes it under Settings.\n` : `There was no token for ${origin}.\n`);
}

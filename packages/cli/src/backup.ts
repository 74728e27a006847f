import { visible } from "@corduroy/core/kernel";
import { backUp, defaultDataFolder, restore } from "@corduroy/server";
import { version } from "../package.json";
import { EXIT } from "./exit.ts";
import { askSecret } from "./askSecret.ts";
import { migrations } from "./paths.ts";

const PASSPHRASE = "CORDUROY_BACKUP_PASSPHRASE";
const NO_KEYS = `Without a passphrase (${PASSPHRASE}) the keys are not in it. A service restored from it starts, but authenticator apps must be
set up again, credentials of other services entered again, and the seals of the audit cannot be checked.
`;

/** `corduroy backup PLACE`. Sets the exit code. */
export async function backupCommand(place: string, { data }: { data?: string }): Promise<void> {
  const { env } = process;
  const passphrase = env[PASSPHRASE] ?? (await askSecret("Passphrase for the keys (empty to leave them out): "));
  const report = await backUp({ data: data ?? defaultDataFolder(env, false), databaseUrl: env["DATABASE_URL"] ?? null, place, passphrase: passphrase === "" ? null : passphrase, version });
  process.stdout.write(`Backed up to ${visible(place)}: ${report.rows.toLocaleString("en")} rows, ${report.parts.toLocaleString("en")} parts, ${report.bytes.toLocaleString("en")} bytes, ${report.sent.toLocaleString("en")} of them new.\n  ${report.name}\n`);
  if (!report.keys) process.stdout.write(NO_KEYS);
  process.exitCode = EXIT.nothing;
}

/** `corduroy restore PLACE --data FOLDER`. Sets the exit code. */
export async function restoreCommand(place: string, { data, backup, withoutKeys }: { data: string; backup?: string; withoutKeys: boolean }): Promise<void> {
  const { env } = process;
  const passphrase = withoutKeys ? null : (env[PASSPHRASE] ?? (await askSecret("Passphrase of the keys (empty if there are none): ")));
  const { at, version: madeBy, rows, parts, keys } = await restore({ place, backup: backup ?? null, data, databaseUrl: env["DATABASE_URL"] ?? null, passphrase: passphrase === "" ? null : passphrase, withoutKeys, migrations: migrations() });
  process.stdout.write(`Restored the backup of ${at} (version ${visible(madeBy)}): ${rows.toLocaleString("en")} rows, ${parts.toLocaleString("en")} parts, ${keys ? "with" : "without"} keys.\nStart it with: corduroy up --data ${visible(data)}\n`);
  process.exitCode = EXIT.nothing;
}

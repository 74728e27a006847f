import { api } from "@corduroy/contract";
import { visible } from "@corduroy/core/kernel";
import { EXIT } from "./exit.ts";
import { connect } from "./service/connect.ts";

/** `corduroy audit verify`: whether the audit trail is as it was sealed. Exit code 1 if it is not. */
export async function verifyCommand(options: { server?: string }): Promise<void> {
  const { intact, text } = await (await connect(options)).call(api.admin.verifyAudit);
  process.stdout.write(`${visible(text)}\n`);
  process.exitCode = intact ? EXIT.nothing : EXIT.findings;
}

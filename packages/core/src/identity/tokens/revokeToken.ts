import * as z from "zod";
import { NotFound } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import { audit } from "../access/audit.ts";
import { authorize } from "../access/authorize.ts";
import { parsed, textShape } from "../parse.ts";
import { revokeTokenRow } from "../store/tokens.ts";

const shape = z.strictObject({ id: textShape });

/** Ends a token at once. @throws Forbidden without `tokens.write`, NotFound when there is no such token, or it was revoked before */
export async function revokeToken(ctx: DbCtx, input: z.input<typeof shape>): Promise<void> {
  const { id } = parsed(shape, input);
  await inTransaction(ctx, async (tx) => {
    const resource = { type: "Token", id };
    await authorize(tx, "tokens.write", resource);
    if (!(await revokeTokenRow(tx.db, id, tx.now()))) throw new NotFound("There is no such token, or it was revoked before.");
    await audit(tx, { action: "tokens.write", resource, detail: { verb: "revoke" } });
  });
}

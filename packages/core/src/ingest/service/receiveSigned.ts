import type { Readable } from "node:stream";
import { audit, authorize, isSigned, tokenById, type WebhookSecrets } from "../../identity/index.ts";
import { CorduroyError, type Actor } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import type { Receiver } from "../receipt/receive.ts";

/** Whoever sent this is not who they would have to be. */
export class WrongSignature extends CorduroyError {}

/** A webhook of GitHub. */
export interface SignedWebhook {
  /** The token that its sender counts as. */
  token: string;
  /** `X-Hub-Signature-256`. */
  signature: string | null;
  /** `X-GitHub-Delivery`: the same one when somebody has it delivered again. */
  delivery: string | null;
  body: Readable;
}

const SOURCE = "github.webhook";
const DELIVERY = /^[0-9A-Za-z-]{1,64}$/;
/** Wrong signatures are audited at most this often for a token; each row says how many there were. */
const AUDIT_MS = 10 * 60_000;

/** Takes webhooks in that are signed with the secret of a token. */
export class SignedWebhooks {
  /** By token: only for tokens that there are, so it stays small. */
  private readonly wrong = new Map<string, { count: number; auditedAt: number }>();

  constructor(private readonly secrets: WebhookSecrets) {}

  /**
   * Keeps a webhook durably.
   * @throws WrongSignature without a token that holds, or with another signature; Forbidden when the token is not for webhooks; whatever `Receiver.receiveParts` throws
   */
  async receive(ctx: DbCtx, receiver: Receiver, { token, signature, delivery, body }: SignedWebhook): Promise<void> {
    const found = await tokenById(ctx, token);
    if (found === null) throw wrong();
    const sender: DbCtx = { ...ctx, actor: found.actor };
    await authorize(sender, "events.write", { type: "Source", id: SOURCE });
    const stillIn = async (): Promise<boolean> => ctx.allows((await tokenById(ctx, token))?.actor ?? NOBODY, "events.write", { type: "Source", id: SOURCE });
    await receiver.receiveParts({ sender: token, body, stillIn }, async (bytes) => {
      if (signature === null || !isSigned(bytes, signature, this.secrets(token))) {
        await this.refused(sender, token);
        throw wrong();
      }
      await found.proven();
      return [{ source: SOURCE, key: delivery !== null && DELIVERY.test(delivery) ? `delivery ${delivery}` : null, body: bytes }];
    });
  }

  private async refused(ctx: DbCtx, token: string): Promise<void> {
    const now = ctx.now().getTime();
    const before = this.wrong.get(token);
    const tally = { count: (before?.count ?? 0) + 1, auditedAt: before?.auditedAt ?? 0 };
    this.wrong.set(token, tally);
    if (now - tally.auditedAt < AUDIT_MS) return;
    this.wrong.set(token, { count: 0, auditedAt: now });
    await inTransaction(ctx, (tx) => audit(tx, { action: "events.write", resource: { type: "Source", id: SOURCE }, outcome: "refused", detail: { verb: "webhook", reason: "wrong signature", times: tally.count } }));
  }
}

const NOBODY: Actor = { kind: "user", id: "nobody", name: "nobody", roles: [] };

function wrong(): WrongSignature {
  return new WrongSignature("The signature is wrong, or the token is expired or revoked.", { hint: "Payload URL and secret are shown together when a token is made." });
}

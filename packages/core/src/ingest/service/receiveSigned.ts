import type { Readable } from "node:stream";
import { audit, authorize, isSigned, sameText, tokenById, type WebhookSecrets } from "../../identity/index.ts";
import { CorduroyError, type Actor } from "../../kernel/index.ts";
import { inTransaction, type DbCtx } from "../../store/index.ts";
import type { Receiver } from "../receipt/receive.ts";

/** Whoever sent this is not who they would have to be. */
export class WrongSignature extends CorduroyError {}

/** Whose webhooks are taken. */
export type HookVendor = "github" | "okta";

/** What a vendor's webhooks hold. */
export const HOOK_SOURCES: Readonly<Record<HookVendor, string>> = { github: "github.webhook", okta: "okta.system" };

/** A webhook of a vendor. */
interface SentWebhook {
  vendor: HookVendor;
  /** The token that its sender counts as. */
  token: string;
  /** GitHub's `X-Hub-Signature-256` of the body; Okta's `Authorization`, which is the secret. */
  proof: string | null;
  /** GitHub's `X-GitHub-Delivery`: the same one when somebody has it delivered again. */
  delivery: string | null;
  body: Readable;
}

const PROOFS: Readonly<Record<HookVendor, { name: string; isRight: (body: Uint8Array, proof: string, secret: string) => boolean }>> = {
  github: { name: "signature", isRight: isSigned },
  okta: { name: "secret", isRight: (_, proof, secret) => sameText(proof, secret) },
};

/** A vendor's secret for a token: Okta sends its own along, so that must not be what GitHub signs with. */
export function hookSecret(secrets: WebhookSecrets, vendor: HookVendor, token: string): string {
  return secrets(vendor === "github" ? token : `${vendor} ${token}`);
}

const DELIVERY = /^[0-9A-Za-z-]{1,64}$/;
/** What is wrong is audited at most this often for a token; each row says how many there were. */
const AUDIT_MS = 10 * 60_000;

/** Takes webhooks in that are proven by the secret of a token. */
export class SignedWebhooks {
  /** By token: only for tokens that there are, so it stays small. */
  private readonly wrong = new Map<string, { count: number; auditedAt: number }>();

  constructor(private readonly secrets: WebhookSecrets) {}

  /**
   * Keeps a webhook durably.
   * @throws WrongSignature without a token that holds, or with another proof; Forbidden when the token is not for webhooks; whatever `Receiver.receiveParts` throws
   */
  async receive(ctx: DbCtx, receiver: Receiver, { vendor, token, proof, delivery, body }: SentWebhook): Promise<void> {
    const { sender, proven, resource } = await this.senderOf(ctx, vendor, token);
    const stillIn = async (): Promise<boolean> => ctx.allows((await tokenById(ctx, token))?.actor ?? NOBODY, "events.write", resource);
    await receiver.receiveParts({ sender: token, body, stillIn }, async (bytes) => {
      if (proof === null || !PROOFS[vendor].isRight(bytes, proof, hookSecret(this.secrets, vendor, token))) {
        await this.refused(sender, vendor, token);
        throw wrong(vendor);
      }
      await proven();
      return [{ source: resource.id, key: delivery !== null && DELIVERY.test(delivery) ? `delivery ${delivery}` : null, body: bytes }];
    });
  }

  /**
   * Whether webhooks may be sent under this token, which a vendor asks before the first one.
   * @throws WrongSignature without a token that holds; Forbidden when it is not for these
   */
  async expect(ctx: DbCtx, vendor: HookVendor, token: string): Promise<void> {
    await this.senderOf(ctx, vendor, token);
  }

  private async senderOf(ctx: DbCtx, vendor: HookVendor, token: string): Promise<{ sender: DbCtx; proven: () => Promise<void>; resource: { type: "Source"; id: string } }> {
    const found = await tokenById(ctx, token);
    if (found === null) throw wrong(vendor);
    const sender: DbCtx = { ...ctx, actor: found.actor };
    const resource = { type: "Source" as const, id: HOOK_SOURCES[vendor] };
    await authorize(sender, "events.write", resource);
    return { sender, proven: found.proven, resource };
  }

  private async refused(ctx: DbCtx, vendor: HookVendor, token: string): Promise<void> {
    const now = ctx.now().getTime();
    const before = this.wrong.get(token);
    const tally = { count: (before?.count ?? 0) + 1, auditedAt: before?.auditedAt ?? 0 };
    this.wrong.set(token, tally);
    if (now - tally.auditedAt < AUDIT_MS) return;
    this.wrong.set(token, { count: 0, auditedAt: now });
    await inTransaction(ctx, (tx) => audit(tx, { action: "events.write", resource: { type: "Source", id: HOOK_SOURCES[vendor] }, outcome: "refused", detail: { verb: "webhook", reason: `wrong ${PROOFS[vendor].name}`, times: tally.count } }));
  }
}

const NOBODY: Actor = { kind: "user", id: "nobody", name: "nobody", roles: [] };

function wrong(vendor: HookVendor): WrongSignature {
  return new WrongSignature(`The ${PROOFS[vendor].name} is wrong, or the token is expired or revoked.`, { hint: "Address and secret are shown together when a token is made." });
}

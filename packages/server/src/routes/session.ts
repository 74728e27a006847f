import type { api, ResponseOf } from "@corduroy/contract";
import {
  acceptInvitation, beginPasskey, beginPasskeySignIn, beginTotp, changePassword, endSession, finishPasskey, finishPasskeySignIn, finishSetup, finishTotp, hasAdmin, listSessions, removePasskey, sessionView, signIn, signOut, userNames,
  type Enrolled, type OidcProvider, type SecretBox, type SessionView, type SignedIn,
} from "@corduroy/core/identity";
import { forgetSession, keepSession, sessionOf } from "../http/cookie.ts";
import type { Call, Handlers } from "../http/handler.ts";
import { Unauthenticated } from "../http/problem.ts";
import { siteOf } from "../http/site.ts";

type AnyCall = Pick<Call<never>, "ctx" | "request" | "reply">;

/** Signing in and out, and what a person does with their own account. */
export function sessionRoutes({ box, demo, version, oidc }: { box: SecretBox; demo: boolean; version: string; oidc: OidcProvider | null }): Handlers["session"] {
  return {
    options: async ({ ctx }) => ({ setUp: await hasAdmin(ctx.db), demo, sso: oidc && { name: oidc.name }, version }),
    setUp: async (call) => entered(call, await finishSetup(call.ctx, call.body)),
    acceptInvitation: async (call) => entered(call, await acceptInvitation(call.ctx, call.body)),
    signIn: async (call) => {
      const { code, ...proof } = call.body;
      const result = await signIn(call.ctx, { ...proof, ...(code !== undefined && { code }), ...previousOf(call) }, box);
      return result.stage === "code" ? result : entered(call, result);
    },
    passkeyOptions: async ({ ctx, request }) => ({ options: { ...(await beginPasskeySignIn(ctx, siteOf(request))) } }),
    passkey: async (call) => entered(call, await finishPasskeySignIn(call.ctx, { response: call.body.response as never, ...previousOf(call) }, siteOf(call.request))),
    current: async (call) => shown(await own(call)),
    signOut: async (call) => {
      await signOut(call.ctx, { session: secretOf(call) });
      forgetSession(call.request, call.reply);
      return undefined;
    },
    list: async (call) => {
      const { id: current, user, may } = await own(call);
      const items = await listSessions(call.ctx, may.includes("sessions.read") ? {} : { user: user.id });
      const names = await userNames(call.ctx.db, items.map(({ userId }) => userId));
      return { items: items.map(({ id, userId, createdAt, lastSeenAt, address }) => ({ id, user: names.get(userId) ?? "", own: userId === user.id, createdAt: createdAt.toISOString(), lastSeenAt: lastSeenAt.toISOString(), address, current: id === current })) };
    },
    end: async (call) => {
      await endSession(call.ctx, { id: call.params.id });
      return undefined;
    },
    changePassword: async (call) => {
      await changePassword(call.ctx, { session: secretOf(call), ...call.body });
      return undefined;
    },
    enrolTotp: async (call) => beginTotp(call.ctx, { session: secretOf(call) }, box),
    confirmTotp: async (call) => enrolled(call, await finishTotp(call.ctx, { session: secretOf(call), code: call.body.code }, box)),
    enrolPasskey: async (call) => ({ options: { ...(await beginPasskey(call.ctx, { session: secretOf(call) }, siteOf(call.request))) } }),
    confirmPasskey: async (call) => enrolled(call, await finishPasskey(call.ctx, { session: secretOf(call), name: call.body.name, response: call.body.response as never }, siteOf(call.request))),
    passkeys: async (call) => ({ items: (await own(call)).secondFactors.passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({ id, name, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null })) }),
    removePasskey: async (call) => {
      await removePasskey(call.ctx, { session: secretOf(call), id: call.params.id });
      return undefined;
    },
  };
}

function secretOf({ request }: AnyCall): string {
  const session = sessionOf(request);
  if (session === null) throw new Unauthenticated("You are not signed in.", { hint: "Sign in." });
  return session;
}

async function own(call: AnyCall, secret = secretOf(call)): Promise<SessionView> {
  const view = await sessionView(call.ctx, secret);
  if (view === null) throw new Unauthenticated("You are not signed in.", { hint: "Sign in." });
  return view;
}

async function entered(call: AnyCall, signedIn: SignedIn): Promise<ResponseOf<typeof api.session.current>> {
  keepSession(call.request, call.reply, signedIn);
  return shown(await own(call, signedIn.session));
}

/** A second factor that completes a session brings a new secret. */
function enrolled(call: AnyCall, { signedIn, recoveryCodes }: Enrolled): { recoveryCodes: string[] } {
  if (signedIn) keepSession(call.request, call.reply, signedIn);
  return { recoveryCodes: recoveryCodes ?? [] };
}

function shown({ stage, user, csrf, may, mayForTeam, teams, singleSignOn, secondFactors }: SessionView): ResponseOf<typeof api.session.current> {
  return { stage, user, csrf, may, mayForTeam, teams, singleSignOn, secondFactors: { totp: secondFactors.totp, passkeys: secondFactors.passkeys.length } };
}

function previousOf({ request }: AnyCall): { previous?: string } {
  const session = sessionOf(request);
  return session === null ? {} : { previous: session };
}

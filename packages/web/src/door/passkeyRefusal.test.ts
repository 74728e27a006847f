import { ApiError } from "@corduroy/contract";
import { expect, it } from "vitest";
import { passkeyRefusal } from "./passkeyRefusal.ts";

const HERE = { hostname: "corduroy.example.com", port: "", protocol: "https:" };
const LOOPBACK = { hostname: "127.0.0.1", port: "7411", protocol: "http:" };
const named = (name: string, message = ""): Error => Object.assign(new Error(message), { name });
const said = (error: unknown, place = HERE) => (passkeyRefusal(error, place) as ApiError).problem;

it("says in plain words what a browser refused, and what to do", () => {
  expect(said(named("NotAllowedError", "The operation either timed out or was not allowed.")).detail).toBe("No passkey was used.");
  expect(said(named("InvalidStateError")).detail).toMatch(/already/);
  expect(said(named("SecurityError"), LOOPBACK)).toMatchObject({ detail: expect.stringContaining("127.0.0.1") as unknown, hint: "Open http://localhost:7411 instead; the account is the same." });
  expect(said(named("SecurityError")).hint).toMatch(/under its name/);
  expect(said(new Error("WebAuthn is not supported in this browser")).hint).toMatch(/HTTPS/);
});

it("leaves the service's refusals and defects as they are", () => {
  const refused = new ApiError({ type: "about:blank", title: "Forbidden", status: 403, detail: "The passkey was not accepted." });
  const defect = new TypeError("Failed to fetch");
  expect([passkeyRefusal(refused, HERE), passkeyRefusal(defect, HERE), passkeyRefusal("x", HERE)]).toEqual([refused, defect, "x"]);
});

import { expect, it } from "vitest";
import { mailServer } from "./mailServer.ts";

it.each([
  ["smtp://mail.corp.example", { host: "mail.corp.example", port: 587, from: "a@b.example" }],
  ["smtps://mail.corp.example", { host: "mail.corp.example", port: 465, from: "a@b.example" }],
  ["smtp://us%40er:p%3Ass@mail.corp.example:25", { host: "mail.corp.example", port: 25, from: "a@b.example", login: { username: "us@er", password: "p:ss" } }],
])("reads %s", (address, server) => expect(mailServer(address, "a@b.example")).toEqual(server));

it("refuses what is no mail server, without repeating it", () => {
  expect(mailServer(undefined, undefined)).toBeNull();
  for (const wrong of ["hunter2", "https://hunter2@mail.example", "smtp://"]) expect(() => mailServer(wrong, "a@b.example")).toThrow("SMTP_URL is not the address of a mail server.");
  expect(() => mailServer("smtp://mail.example", undefined)).toThrow("nobody to send as");
});

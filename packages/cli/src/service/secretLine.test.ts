import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { secretLine } from "./secretLine.ts";

/** A terminal that somebody types into, and what it was told. */
function terminal(typed: string[]): { input: Readable & { isTTY: boolean; setRawMode: (raw: boolean) => void }; modes: boolean[] } {
  const modes: boolean[] = [];
  return { input: Object.assign(Readable.from(typed), { isTTY: true, setRawMode: (raw: boolean) => void modes.push(raw) }), modes };
}

const written = (output: PassThrough): string => String(output.read() ?? "");

describe("secretLine", () => {
  it("shows nothing of what is typed, and leaves the terminal as it was", async () => {
    const { input, modes } = terminal(["cd", "y_x\u007f", "1\r", "more"]);
    const output = new PassThrough();
    expect(await secretLine("Token: ", input, output)).toBe("cdy_1");
    expect(modes).toEqual([true, false]);
    expect(written(output)).toBe("Token: \n");
  });

  it("ends with Ctrl-C, the terminal as it was", async () => {
    const { input, modes } = terminal(["cdy\u0003"]);
    await expect(secretLine("Token: ", input, new PassThrough())).rejects.toThrow("Nothing was changed");
    expect(modes).toEqual([true, false]);
  });

  it("takes the first line of a pipe, and asks nothing", async () => {
    const output = new PassThrough();
    expect(await secretLine("Token: ", Readable.from(["  cdy_1\nnext"]), output)).toBe("cdy_1");
    expect(written(output)).toBe("");
  });

  it.each([[""], ["\n"], ["x".repeat(5_000)]])("refuses %#", async (typed) => expect(secretLine("", Readable.from([typed]), new PassThrough())).rejects.toThrow(/token/));
});

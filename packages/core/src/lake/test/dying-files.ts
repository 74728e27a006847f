/**
 * `node:fs/promises` for a process that is to die: before operation number `DIE_AT` it sends itself SIGKILL, which no code can
 * catch. Half of a file's content is on its way when the writing of it is the operation.
 */
import * as real from "node:fs/promises";

let left = Number(process.env["DIE_AT"] ?? Infinity);

function step(): void {
  if (--left === 0) process.kill(process.pid, "SIGKILL");
}

const stepping =
  <A extends unknown[], R>(operation: (...args: A) => Promise<R>) =>
  async (...args: A): Promise<R> => {
    step();
    return operation(...args);
  };

export const access = stepping(real.access);
export const chmod = stepping(real.chmod);
export const chown = stepping(real.chown);
export const link = stepping(real.link);
export const mkdir = stepping(real.mkdir);
export const readdir = stepping(real.readdir as (path: string) => Promise<string[]>);
export const readFile = stepping(real.readFile as (path: string, encoding: "utf8") => Promise<string>);
export const realpath = stepping(real.realpath as (path: string) => Promise<string>);
export const rename = stepping(real.rename);
export const rm = stepping(real.rm);
export const stat = stepping(real.stat as (path: string) => Promise<{ size: number }>);
export const unlink = stepping(real.unlink);
export const writeFile = stepping(real.writeFile as (path: string, text: string) => Promise<void>);

export async function open(path: string, flags: string, mode?: number) {
  step();
  const file = await real.open(path, flags, mode);
  return {
    writeFile: async (text: string) => {
      await file.write(text.slice(0, text.length / 2));
      step();
      await file.write(text.slice(text.length / 2));
    },
    sync: async () => {
      step();
      await file.sync();
    },
    close: () => file.close(),
  };
}

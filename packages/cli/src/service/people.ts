import { api } from "@corduroy/contract";
import { Invalid, NotFound } from "@corduroy/core/kernel";
import type { Connection } from "./connect.ts";

/** A person of the service. */
export interface Person {
  id: string;
  name: string;
}

/** The person meant by an id, a name or `me`. @throws NotFound, and Invalid where the name is that of several, or nobody said who `me` is */
export async function person({ call, me }: Pick<Connection, "call" | "me">, text: string): Promise<Person> {
  if (text === "me") return me ?? refuseMe();
  const { items } = await call(api.admin.people);
  const named = items.filter(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase());
  if (named.length > 1) throw new Invalid(`${named.length} people are called ${text}.`, { hint: `Give an id: ${named.map(({ id }) => id).join(" or ")}.` });
  if (named[0] === undefined) throw new NotFound(`There is nobody called ${text}.`, { hint: items.length === 0 ? undefined : `There are: ${items.slice(0, 10).map(({ name }) => name).join(", ")}${items.length > 10 ? ", …" : ""}.` });
  return named[0];
}

function refuseMe(): never {
  throw new Invalid("A token does not say who you are.", { hint: "Say it once: corduroy login --me NAME" });
}

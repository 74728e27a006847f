import { Random } from "./random.ts";
import { makeResources, type Resources } from "./resources.ts";

export type Environment = "production" | "staging" | "development" | "platform";

/** One AWS account of the company. `regions[0]` is its home region. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly environment: Environment;
  readonly regions: readonly string[];
  /** Public addresses of its NAT gateways. */
  readonly natAddresses: readonly string[];
  readonly vpcEndpoint: string;
  readonly resources: Resources;
}

/** Somebody who works there and signs in through single sign-on. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly team: string;
  readonly office: "europe" | "america";
  /** The permission sets of this person, by account name. */
  readonly access: readonly { readonly account: string; readonly permissionSet: string }[];
  readonly homeAddress: string;
}

export interface Company {
  readonly name: string;
  readonly domain: string;
  readonly organizationId: string;
  readonly accounts: readonly Account[];
  readonly people: readonly Person[];
  readonly services: readonly string[];
  /** Where the office's traffic leaves. */
  readonly officeAddresses: { readonly europe: string; readonly america: string };
}

const EUROPE = "eu-central-1";
const AMERICA = "us-east-1";

const ACCOUNTS: readonly { name: string; environment: Environment; regions: readonly string[] }[] = [
  { name: "management", environment: "platform", regions: [AMERICA] },
  { name: "log-archive", environment: "platform", regions: [EUROPE, AMERICA] },
  { name: "security", environment: "platform", regions: [EUROPE, AMERICA] },
  { name: "network", environment: "platform", regions: [EUROPE, AMERICA] },
  { name: "build", environment: "platform", regions: [EUROPE, AMERICA] },
  { name: "production", environment: "production", regions: [EUROPE, AMERICA, "eu-west-1"] },
  { name: "production-us", environment: "production", regions: [AMERICA, "us-west-2"] },
  { name: "production-data", environment: "production", regions: [EUROPE, AMERICA] },
  { name: "staging", environment: "staging", regions: [EUROPE, AMERICA] },
  { name: "development", environment: "development", regions: [EUROPE, AMERICA] },
  { name: "sandbox", environment: "development", regions: [EUROPE, AMERICA] },
  { name: "back-office", environment: "production", regions: ["eu-west-1", AMERICA] },
];

const SERVICES = ["checkout", "invoices", "catalog", "search", "notifications", "exports", "accounts", "reports", "media", "shipping"];

const FIRST_NAMES = [
  "ada", "bela", "carla", "dmitri", "elin", "farid", "greta", "hugo", "ines", "jonas", "katya", "liam", "mei", "noor", "oskar", "priya", "quinn", "rosa",
  "samir", "tove", "umar", "vera", "wanda", "xenia", "yusuf", "zora",
];
const LAST_NAMES = ["albrecht", "bergman", "castell", "dahl", "engel", "fontana", "grant", "holm", "ivers", "jansen", "keller", "lindqvist", "moreno", "nowak", "okafor", "petrov"];
const TEAMS = ["payments", "storefront", "logistics", "data", "platform", "security"];

function makePeople(random: Random, domain: string): Person[] {
  const people: Person[] = [];
  const taken = new Set<string>();
  while (people.length < 48) {
    const name = `${random.pick(FIRST_NAMES)}.${random.pick(LAST_NAMES)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    const team = TEAMS[people.length % TEAMS.length] ?? "platform";
    people.push({
      name,
      email: `${name}@${domain}`,
      team,
      office: people.length % 5 < 3 ? "europe" : "america",
      access: accessOf(team),
      homeAddress: `203.0.113.${64 + people.length}`,
    });
  }
  return people;
}

function accessOf(team: string): Person["access"] {
  if (team === "platform") {
    return ["production", "production-us", "network", "build", "staging"].map((account) => ({ account, permissionSet: "PlatformAdmin" }));
  }
  if (team === "security") {
    return ["security", "log-archive", "production", "management"].map((account) => ({ account, permissionSet: "SecurityAudit" }));
  }
  if (team === "data") {
    return [
      { account: "production-data", permissionSet: "DataAnalyst" },
      { account: "development", permissionSet: "Developer" },
    ];
  }
  return [
    { account: "development", permissionSet: "Developer" },
    { account: "staging", permissionSet: "Developer" },
    { account: "sandbox", permissionSet: "PowerUser" },
    { account: "production", permissionSet: "ReadOnly" },
  ];
}

/**
 * Account ids in the style of documentation examples: three groups of four equal digits, so nobody takes them for real.
 * Ids that start with 9 are kept for strangers.
 */
function makeAccountIds(random: Random, count: number): string[] {
  const ids = new Set<string>();
  while (ids.size < count) {
    const group = (limit: number): string => String(random.int(limit)).repeat(4);
    ids.add(group(9) + group(10) + group(10));
  }
  return [...ids];
}

/** The company of a seed: accounts, people, services and what they own. Names use the reserved `.example` domain (RFC 2606), addresses RFC 5737 ranges. */
export function makeCompany(seed: number): Company {
  const random = new Random(seed, "company");
  const domain = "larkfield.example";
  const ids = makeAccountIds(random, ACCOUNTS.length);
  const accounts = ACCOUNTS.map((account, index): Account => ({
    ...account,
    id: ids[index] ?? "",
    natAddresses: [`198.51.100.${10 + index * 4}`, `198.51.100.${11 + index * 4}`],
    vpcEndpoint: `vpce-0${random.hex(16)}`,
    resources: makeResources(random, account.name, SERVICES),
  }));
  return {
    name: "Larkfield",
    domain,
    organizationId: `o-${random.base32(10).toLowerCase()}`,
    accounts,
    people: makePeople(random, domain),
    services: SERVICES,
    officeAddresses: { europe: "203.0.113.10", america: "203.0.113.20" },
  };
}

/** The account with this name. Throws RangeError when the company has none. */
export function accountNamed(company: Company, name: string): Account {
  const account = company.accounts.find((candidate) => candidate.name === name);
  if (account === undefined) throw new RangeError(`no account named ${name}`);
  return account;
}

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { NotFound } from "@corduroy/core/kernel";
import { parseRuleTests, ruleHistogram, ruleVolumes, type DetectionRule } from "@corduroy/core/detect";
import { ruleRecords } from "@corduroy/core/findings";
import { authorize } from "@corduroy/core/identity";
import type { DbCtx } from "@corduroy/core/store";
import type { api, ResponseOf } from "@corduroy/contract";
import type { Handlers } from "../http/handler.ts";

type Summary = ResponseOf<typeof api.rules.list>["items"][number];

const DAY_MS = 86_400_000;
const HISTORY_DAYS = 14;

/** The rules that are loaded, with what they have brought. */
export function ruleRoutes(rules: readonly DetectionRule[]): Handlers["rules"] {
  const files = new Map<string, Promise<RuleFiles>>();
  const filesOf = (rule: DetectionRule): Promise<RuleFiles> => {
    const { id } = rule.summary;
    const known = files.get(id) ?? readRule(rule);
    files.set(id, known);
    // What could not be read once may be there the next time.
    known.catch(() => files.delete(id));
    return known;
  };
  const summaries = async (ctx: DbCtx): Promise<Map<string, Summary>> => {
    const [volumes, records, texts] = await Promise.all([ruleVolumes(ctx), ruleRecords(ctx), Promise.all(rules.map(filesOf))]);
    return new Map(
      rules.map(({ summary, logsource, status }, index) => {
        const volume = volumes.get(summary.id);
        const record = records.get(summary.id);
        const closed = record?.closed ?? 0;
        return [summary.id, {
          id: summary.id, title: summary.title, level: summary.level, status, tags: summary.tags, source: [logsource.product, logsource.service, logsource.category].filter((each) => each !== undefined).join(" / "),
          signals24h: volume?.signals24h ?? 0, signals7d: volume?.signals7d ?? 0, findings: record?.findings ?? 0, active: record?.active ?? 0, precision: closed === 0 ? null : 1 - record!.falsePositives / closed,
          lastMatchAt: volume?.lastMatchAt?.toISOString() ?? null, tests: texts[index]!.tests,
        }];
      }),
    );
  };
  return {
    list: async ({ ctx }) => {
      await authorize(ctx, "rules.read", { type: "Rule", id: "*" });
      return { items: [...(await summaries(ctx)).values()] };
    },
    get: async ({ ctx, params: { id } }) => {
      await authorize(ctx, "rules.read", { type: "Rule", id });
      const rule = rules.find(({ summary }) => summary.id === id);
      if (rule === undefined) throw new NotFound("There is no such rule.");
      const { text, testText } = await filesOf(rule);
      const histogram = await ruleHistogram(ctx.db, id, new Date(ctx.now().getTime() - HISTORY_DAYS * DAY_MS));
      return {
        ...(await summaries(ctx)).get(id)!, description: rule.summary.description, author: rule.author, references: rule.summary.references, falsePositives: rule.summary.falsepositives, file: basename(rule.file),
        text, testText, volume: histogram.map(({ hour, signals }) => [hour.toISOString(), signals]),
      };
    },
  };
}

interface RuleFiles {
  text: string;
  testText: string | null;
  tests: number;
}

/** A rule's file and that of its tests, as they are now; the rules that run are those of the start. */
async function readRule({ file }: DetectionRule): Promise<RuleFiles> {
  const testFile = file.replace(/\.ya?ml$/i, ".test.yml");
  const [text, testText] = await Promise.all([readFile(file, "utf8"), readFile(testFile, "utf8").catch(() => null)]);
  return { text, testText, tests: testText === null ? 0 : parseRuleTests(testText, testFile).tests.length };
}

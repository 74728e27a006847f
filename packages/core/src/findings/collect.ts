import { addGroup, copyGroup, type Sampled, type SignalGroup } from "./group.ts";
import { draftFinding, type Draft } from "./finding.ts";
import { rank } from "./rank.ts";
import type { Entity, RuleSummary } from "./schemas.ts";
import { cutWindows } from "./window.ts";

/** More entities than this under one rule are one finding about many: nobody reads a thousand of the same. */
export const ENTITIES_A_RULE = 500;

const MANY: Entity = { kind: "many", key: "many", name: `more than ${ENTITIES_A_RULE} identities` };

/** Signal groups of a run, folded as they come: what a run of any length keeps is bounded by rules, entities and hours. */
export class SignalGroups<Sample extends Sampled> {
  /** rule → entity → hour */
  private readonly rules = new Map<number, Map<string, Map<string, SignalGroup<Sample>>>>();
  private readonly crowded = new Set<number>();
  signals = 0;

  add(group: SignalGroup<Sample>): void {
    this.signals += group.count;
    this.put(this.crowded.has(group.rule) ? { ...group, entity: MANY } : group);
    const entities = this.rules.get(group.rule)!;
    if (entities.size <= ENTITIES_A_RULE) return;
    this.crowded.add(group.rule);
    this.rules.delete(group.rule);
    for (const hours of entities.values()) for (const each of hours.values()) this.put({ ...each, entity: MANY });
  }

  private put(group: SignalGroup<Sample>): void {
    const entities = this.rules.get(group.rule) ?? new Map<string, Map<string, SignalGroup<Sample>>>();
    this.rules.set(group.rule, entities);
    const hours = entities.get(group.entity.key) ?? new Map<string, SignalGroup<Sample>>();
    entities.set(group.entity.key, hours);
    const same = hours.get(group.hour);
    if (same) addGroup(same, group);
    else hours.set(group.hour, copyGroup(group));
  }

  /** Rules that matched at least once. */
  get matchedRules(): number {
    return this.rules.size;
  }

  /** The findings, in the order to read them. */
  findings(ruleOf: (no: number) => RuleSummary): Draft<Sample>[] {
    const drafts: Draft<Sample>[] = [];
    for (const [no, entities] of this.rules)
      for (const hours of entities.values()) for (const window of cutWindows([...hours.values()])) drafts.push(draftFinding(ruleOf(no), window));
    return rank(drafts);
  }
}

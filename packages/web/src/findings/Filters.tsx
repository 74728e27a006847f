import { api, type FindingCounts, type FindingFilter, type State } from "@corduroy/contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { peopleQuery } from "../app/session.ts";
import { Button } from "../parts/Button.tsx";
import { Select } from "../parts/Field.tsx";
import { LEVELS, levelName } from "../parts/LevelMark.tsx";
import { countText } from "../parts/measures.ts";
import { NO_FILTER, sameFilter } from "./filter.ts";

interface Props {
  filter: FindingFilter;
  /** Names of what the filter knows by an id. */
  known: { rule?: string | undefined; entity?: string | undefined; label?: undefined };
  onChange: (filter: FindingFilter) => void;
}

const STATES: [string, string][] = [["active", "Active"], ["open", "Open"], ["triaged", "Triaged"], ["in_progress", "In progress"], ["closed", "Closed"], ["resolved", "Resolved"], ["accepted", "Accepted"], ["false_positive", "False positives"], ["duplicate", "Duplicates"], ["all", "All states"]];
const ACTIVE: State[] = ["open", "triaged", "in_progress"];
const ANY = "";
const COUNT_AGAIN_MS = 30_000;
const TYPING_MS = 250;

/** The filters of the list; each choice is in the address at once. */
export function Filters({ filter, known, onChange }: Props): ReactNode {
  const people = useQuery(peopleQuery);
  const catalog = useQuery({ queryKey: ["catalog"], queryFn: () => call(api.admin.catalog), staleTime: 300_000 });
  const counts = useQuery({ queryKey: ["finding-counts", filter], queryFn: () => call(api.findings.counts, { query: filter }), placeholderData: keepPreviousData, refetchInterval: COUNT_AGAIN_MS }).data;
  const set = (name: keyof FindingFilter, value: string): void => onChange({ ...filter, [name]: value === ANY ? undefined : value });
  const owners: [string, string][] = [["me", "Mine"], ["none", "No owner"], ...(people.data?.items.map(({ id, name }): [string, string] => [id, name]) ?? [])];
  const teams = catalog.data?.teams.map(({ name, title }): [string, string] => [name, title]) ?? [];
  return (
    <search className="filters many">
      <Words value={filter.q ?? ""} onChange={(q) => set("q", q)} />
      <Select label="State" value={filter.state} options={STATES.map(([state, name]): [string, string] => [state, counted(name, counts && inState(counts, state))])} onChange={(state) => set("state", state)} />
      <Select label="Level" value={filter.level ?? ANY} options={[[ANY, "Any level"], ...LEVELS.map((level): [string, string] => [level, counted(levelName(level), counts?.levels[level])])]} onChange={(level) => set("level", level)} />
      <Select label="Priority" value={filter.priority ?? ANY} options={[[ANY, "Any priority"], ["p1", "P1"], ["p2", "P2"], ["p3", "P3"], ["p4", "P4"]]} onChange={(priority) => set("priority", priority)} />
      <Select label="Team" value={filter.team ?? ANY} options={withCurrent([[ANY, "Any team"], ...teams], filter.team)} onChange={(team) => set("team", team)} />
      <Select label="Owner" value={filter.owner ?? ANY} options={withCurrent([[ANY, "Any owner"], ...owners], filter.owner)} onChange={(owner) => set("owner", owner)} />
      <Select label="Suppressed" value={filter.suppressed} options={[["no", "Not suppressed"], ["yes", "Suppressed"], ["all", "Suppressed or not"]]} onChange={(suppressed) => set("suppressed", suppressed)} />
      <Button pressed={filter.due === "overdue"} onClick={() => set("due", filter.due === "overdue" ? ANY : "overdue")}>
        {counted("Overdue", counts?.overdue)}
      </Button>
      {(["rule", "entity", "label"] as const).map((name) => filter[name] !== undefined && (
        <button key={name} type="button" className="button" onClick={() => set(name, ANY)} title={`Stop filtering by ${name}`}>
          {name}: {known[name] ?? filter[name]} ×
        </button>
      ))}
      {!sameFilter(filter, NO_FILTER) && (
        <button type="button" className="linky" onClick={() => onChange(NO_FILTER)}>
          Reset
        </button>
      )}
    </search>
  );
}

/** A choice with how many findings it would show. */
function counted(name: string, count: number | undefined): string {
  return count === undefined ? name : `${name} (${countText(count)})`;
}

function inState({ states }: FindingCounts, state: string): number {
  const of = Object.entries(states).filter(([each]) => state === "all" || state === each || (state === "active" && ACTIVE.includes(each as State)) || (state === "closed" && !ACTIVE.includes(each as State)));
  return of.reduce((sum, [, count]) => sum + count, 0);
}

/** A choice that came with the address and is in no list stays visible. */
function withCurrent(options: [string, string][], current: string | undefined): [string, string][] {
  return current === undefined || options.some(([value]) => value === current) ? options : [...options, [current, current]];
}

/** Words that the title must hold; the list follows when the typing stops. */
function Words({ value, onChange }: { value: string; onChange: (value: string) => void }): ReactNode {
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const { hash } = useLocation();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (hash === "find") field.current?.focus();
  }, [hash]);
  return (
    <input
      ref={field}
      type="search"
      className="bare"
      data-slash
      placeholder="Words in the title   /"
      aria-label="Words in the title"
      maxLength={200}
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => onChange(target.value.trim()), TYPING_MS);
      }}
    />
  );
}

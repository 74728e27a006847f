import { api, type ResponseOf } from "@corduroy/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { Select } from "../parts/Field.tsx";
import { LEVELS, LevelName } from "../parts/LevelMark.tsx";
import { countOf, countText } from "../parts/measures.ts";
import { PageHead } from "../parts/Page.tsx";
import { Empty, Loaded } from "../parts/States.tsx";
import { Table } from "../parts/Table.tsx";
import { Ago } from "../parts/When.tsx";
import { Precision } from "./Precision.tsx";

type Rule = ResponseOf<typeof api.rules.list>["items"][number];

const ORDERS = {
  volume: ["Most matches first", (a: Rule, b: Rule) => b.signals7d - a.signals7d],
  level: ["Most urgent first", (a: Rule, b: Rule) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level)],
  precision: ["Least precise first", (a: Rule, b: Rule) => (a.precision ?? 2) - (b.precision ?? 2)],
  title: ["By title", (a: Rule, b: Rule) => a.title.localeCompare(b.title)],
} as const;
type Order = keyof typeof ORDERS;

/** All detection rules, and how they do. */
export function RulesPage(): ReactNode {
  const rules = useQuery({ queryKey: ["rules"], queryFn: () => call(api.rules.list) });
  const [words, setWords] = useState("");
  const [order, setOrder] = useState<Order>("volume");
  return (
    <>
      <PageHead title="Rules" about="Detections as code, each with its tests." />
      <Loaded query={rules} rows={12}>
        {({ items }) => {
          const shown = items.filter((rule) => `${rule.title} ${rule.id} ${rule.tags.join(" ")} ${rule.source}`.toLowerCase().includes(words.toLowerCase())).toSorted(ORDERS[order][1]);
          return (
            <>
              <search className="filters">
                <input type="search" className="bare" data-slash placeholder="Title, tag or source   /" aria-label="Title, tag or source" value={words} onChange={({ target }) => setWords(target.value)} />
                <Select label="Order" value={order} options={Object.entries(ORDERS).map(([name, [text]]): [Order, string] => [name as Order, text])} onChange={setOrder} />
                <span className="dim small" role="status">{countOf(shown.length, "rule")}</span>
              </search>
              {shown.length === 0 ? <Empty title={items.length === 0 ? "No rules are loaded" : "No rule fits"}><p>{items.length === 0 ? "Rules are files: the service loads them from its content folder when it starts." : "Try fewer letters."}</p></Empty> : <RuleTable rules={shown} />}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function RuleTable({ rules }: { rules: Rule[] }): ReactNode {
  return (
    <Table
      label="Rules"
      items={rules}
      keyOf={({ id }) => id}
      columns={[
        { name: "Rule", cell: (rule) => <Link to="/rules/$id" params={{ id: rule.id }} data-open>{rule.title}</Link> },
        { name: "Level", cell: ({ level }) => <LevelName level={level} /> },
        { name: "Source", cell: ({ source }) => source },
        { name: "24 h", num: true, cell: ({ signals24h }) => countText(signals24h) },
        { name: "7 days", num: true, cell: ({ signals7d }) => countText(signals7d) },
        { name: "Active", num: true, cell: ({ active }) => (active === 0 ? <span className="dim">0</span> : countText(active)) },
        { name: "Precision", num: true, cell: ({ precision }) => <Precision share={precision} /> },
        { name: "Last match", num: true, cell: ({ lastMatchAt }) => <Ago time={lastMatchAt} /> },
      ]}
    />
  );
}

import type { ReactNode } from "react";
import { Field } from "../parts/Field.tsx";

/** From when on: so many days back, or a day by its date in UTC. */
export interface Since {
  days: string;
  day: string;
}

const DAY_MS = 86_400_000;
const SPANS = [["1", "a day ago"], ["7", "a week ago"], ["30", "30 days ago"], ["90", "90 days ago"], ["", "a day of my choice"]] as const;

/** The moment that was chosen, as ISO 8601; null while no day is. @param now in milliseconds */
export function sinceTime({ days, day }: Since, now: number): string | null {
  if (days !== "") return new Date(now - Number(days) * DAY_MS).toISOString();
  return day === "" ? null : `${day}T00:00:00.000Z`;
}

/** Asks from when on events are to be fetched. */
export function SinceField({ label, value, onChange }: { label: string; value: Since; onChange: (since: Since) => void }): ReactNode {
  return (
    <>
      <Field label={label} help="A vendor keeps its log for some time only; what is older cannot be had.">
        <select value={value.days} onChange={({ target }) => onChange({ ...value, days: target.value })}>
          {SPANS.map(([days, text]) => <option key={days} value={days}>{text}</option>)}
        </select>
      </Field>
      {value.days === "" && (
        <Field label="From the beginning of this day (UTC)">
          <input type="date" required max={new Date().toISOString().slice(0, 10)} value={value.day} onChange={({ target }) => onChange({ ...value, day: target.value })} />
        </Field>
      )}
    </>
  );
}

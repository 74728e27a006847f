import { useEffect, useState, type ReactNode } from "react";

interface Props {
  dueAt: string | null;
  /** Why it may not be changed. */
  why: string | null;
  onChange: (dueAt: string | null) => void;
}

/** The day on which it is due. A year is typed digit by digit, and each makes a date: it is changed when the field is left, or with Enter. */
export function DueDate({ dueAt, why, onChange }: Props): ReactNode {
  const saved = dueAt?.slice(0, 10) ?? "";
  const [day, setDay] = useState(saved);
  useEffect(() => setDay(saved), [saved]);
  const save = (): void => {
    if (day !== saved) onChange(day === "" ? null : `${day}T23:59:59.000Z`);
  };
  return (
    <input
      type="date"
      className="bare"
      aria-label="Due"
      title={why ?? "Due"}
      disabled={why !== null}
      max="9999-12-31"
      value={day}
      onChange={({ target }) => setDay(target.value)}
      onBlur={save}
      onKeyDown={({ key }) => {
        if (key === "Enter") save();
        if (key === "Escape") setDay(saved);
      }}
    />
  );
}

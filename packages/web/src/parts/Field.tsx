import type { ReactNode } from "react";

/** A label, a control, and a sentence of help. */
export function Field({ label, help, children }: { label: string; help?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
      {help !== undefined && <small>{help}</small>}
    </label>
  );
}

interface SelectProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [value: T, text: string])[];
  onChange: (value: T) => void;
  /** Why it cannot be changed. */
  why?: string | null;
}

/** A choice of one, without a visible label: the first option or the place says what it is. */
export function Select<T extends string>({ label, value, options, onChange, why = null }: SelectProps<T>): ReactNode {
  return (
    <select className="bare" aria-label={label} title={why ?? label} value={value} disabled={why !== null} onChange={(event) => onChange(event.target.value as T)}>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  );
}

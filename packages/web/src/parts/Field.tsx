import type { ReactNode } from "react";

/** A label, a control, and a sentence of help, or of what is wrong. */
export function Field({ label, help, wrong, children }: { label: string; help?: ReactNode; wrong?: string | undefined; children: ReactNode }): ReactNode {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
      {wrong !== undefined ? <small className="bad" role="alert">{wrong}</small> : help !== undefined && <small>{help}</small>}
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

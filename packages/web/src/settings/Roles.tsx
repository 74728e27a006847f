import { Role } from "@corduroy/contract";
import type { ReactNode } from "react";

const MEANINGS: Record<Role, string> = {
  viewer: "reads findings, rules and sources",
  developer: "comments on findings and asks the lake",
  responder: "decides about findings",
  admin: "sets the service up",
  auditor: "reads everything, and the audit trail",
};

/** A choice of roles. */
export function Roles({ roles, onChange }: { roles: Role[]; onChange: (roles: Role[]) => void }): ReactNode {
  return (
    <fieldset className="field">
      <legend>Roles</legend>
      {Role.options.map((role) => (
        <label key={role} className="check">
          <input type="checkbox" checked={roles.includes(role)} onChange={({ target }) => onChange(target.checked ? [...roles, role] : roles.filter((each) => each !== role))} />
          <span>
            {role} <span className="dim">{MEANINGS[role]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

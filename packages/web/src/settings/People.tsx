import { api, Role, type ResponseOf } from "@corduroy/contract";
import { useState, type ReactNode } from "react";
import { call } from "../app/connection.ts";
import { useSession } from "../app/session.ts";
import { useVerb } from "../app/verbs.ts";
import { Button } from "../parts/Button.tsx";
import { SecretOnce } from "../parts/Copy.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";
import { Paged } from "../parts/Paged.tsx";
import { Table } from "../parts/Table.tsx";
import { Moment } from "../parts/When.tsx";
import { Roles } from "./Roles.tsx";

const PAGE = 100;
type Person = ResponseOf<typeof api.admin.users>["items"][number];

/** Who may come in, and as what. */
export function People(): ReactNode {
  const me = useSession()?.user.id;
  const [inviting, setInviting] = useState(false);
  const [changing, setChanging] = useState<Person | null>(null);
  const lock = useVerb(({ id, disabled }: Person) => call(api.admin.changeUser, { params: { id }, body: { disabled: !disabled } }), { done: (user) => (user.disabled ? `${user.name} is locked out.` : `${user.name} may come in again.`), refresh: [["users"]] });
  const reset = useVerb(({ id }: Person) => call(api.admin.resetFactors, { params: { id } }), { done: (_, { name }) => `${name} is signed out, and adds new second factors at the next sign-in.`, refresh: [["sessions"], ["session"]] });
  return (
    <>
      <div><Button look="main" needs="users.write" onClick={() => setInviting(true)}>Invite a person…</Button></div>
      <Paged queryKey={["users"]} ask={(place) => call(api.admin.users, { query: { ...place, limit: PAGE } })} rows={6}>
        {(items) => (
          <Table
            label="People"
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { name: "Name", cell: ({ name, disabled }) => <><b>{name}</b> {disabled && <span className="tag">locked out</span>}</> },
              { name: "E-mail", cell: ({ email }) => email },
              { name: "Roles", cell: ({ roles, mappedRoles }) => <>{roles.join(", ")}{mappedRoles.length > 0 && <span className="dim">{roles.length > 0 && ", "}{mappedRoles.join(", ")} by groups</span>}</> },
              {
                name: "",
                cell: (person) => (
                  <span className="row">
                    <Button look="quiet" needs="users.write" onClick={() => setChanging(person)}>Roles…</Button>
                    <Button look="quiet" sure="Take them all away?" needs="users.write" why={person.singleSignOn ? "Their second factors are the identity provider's." : null} busy={reset.isPending && reset.variables.id === person.id} onClick={() => reset.mutate(person)}>Reset factors</Button>
                    <Button look="quiet" {...(!person.disabled && { sure: "Lock out now?" })} needs="users.write" why={person.id === me ? "You cannot lock yourself out." : null} busy={lock.isPending} onClick={() => lock.mutate(person)}>{person.disabled ? "Let in" : "Lock out"}</Button>
                  </span>
                ),
              },
            ]}
          />
        )}
      </Paged>
      {inviting && <Invite onClose={() => setInviting(false)} />}
      {changing !== null && <ChangeRoles person={changing} onClose={() => setChanging(null)} />}
    </>
  );
}

function Invite({ onClose }: { onClose: () => void }): ReactNode {
  const [email, setEmail] = useState("");
  const [roles, setRoles] = useState<Role[]>(["viewer"]);
  const invite = useVerb(() => call(api.admin.invite, { body: { email, roles } }), { refresh: [["users"]] });
  return (
    <Dialog title="Invite a person" onClose={onClose}>
      {invite.data !== undefined ? (
        <>
          <p>Give this link to {email}. It works once, until <Moment time={invite.data.expiresAt} /> UTC, and is shown only now.</p>
          <SecretOnce text={invite.data.link} />
        </>
      ) : (
        <form className="form" onSubmit={(event) => {
          event.preventDefault();
          invite.mutate();
        }}>
          <Field label="E-mail"><input type="email" required maxLength={254} value={email} onChange={({ target }) => setEmail(target.value)} /></Field>
          <Roles roles={roles} onChange={setRoles} />
          <div className="dialog-foot"><Button submit look="main" busy={invite.isPending} why={roles.length === 0 ? "Choose a role." : null}>Make the link</Button></div>
        </form>
      )}
    </Dialog>
  );
}

function ChangeRoles({ person, onClose }: { person: Person; onClose: () => void }): ReactNode {
  const [roles, setRoles] = useState<Role[]>(person.roles);
  const change = useVerb(() => call(api.admin.changeUser, { params: { id: person.id }, body: { roles } }), { done: "Roles changed.", refresh: [["users"]], onDone: onClose });
  return (
    <Dialog title={`Roles of ${person.name}`} onClose={onClose}>
      <form className="form" onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}>
        <Roles roles={roles} onChange={setRoles} />
        {person.singleSignOn && <p className="dim">{person.mappedRoles.length === 0 ? "No group gives a role now." : `Groups give ${person.mappedRoles.join(" and ")} beside these`}; that follows the identity provider at each sign-in.</p>}
        <div className="dialog-foot"><Button submit look="main" busy={change.isPending} why={roles.length === 0 && !person.singleSignOn ? "Choose a role." : null}>Save</Button></div>
      </form>
    </Dialog>
  );
}

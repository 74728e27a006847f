import { Fragment, type ReactNode } from "react";
import { Dialog } from "../parts/Dialog.tsx";
import { SHORTCUTS } from "./table.ts";

/** All shortcuts at a glance. */
export function KeysHelp({ onClose }: { onClose: () => void }): ReactNode {
  return (
    <Dialog title="Keys" onClose={onClose} wide>
      <div className="keys-list">
        {SHORTCUTS.map(({ group, keys }) => (
          <section key={group} className="stack">
            <h3>{group}</h3>
            <dl>
              {keys.map((shortcut) => (
                <Fragment key={shortcut.keys}>
                  <dt>
                    <Keys keys={shortcut.keys} />
                  </dt>
                  <dd>{shortcut.text}</dd>
                </Fragment>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Keys({ keys }: { keys: string }): ReactNode {
  return keys.split(" ").map((key) => (
    <Fragment key={key}>
      <kbd>{key === "Escape" ? "Esc" : key}</kbd>{" "}
    </Fragment>
  ));
}

import { useState, type ReactNode } from "react";
import { Dialog } from "../parts/Dialog.tsx";
import { Field } from "../parts/Field.tsx";
import { QueueForm } from "./QueueForm.tsx";
import { StoreForm, type StoreKind } from "./StoreForm.tsx";
import { Trial, type Added } from "./Trial.tsx";
import { VendorForm } from "./VendorForm.tsx";
import { VENDORS, type VendorKind } from "./vendors.ts";

type Way = VendorKind | StoreKind | "sqs";

const KINDS = Object.keys(VENDORS) as VendorKind[];

/** Adds what brings events by itself: a vendor's log that is asked for, a bucket or container, or a queue; then tries it. @param source the page's, which says what is likely meant */
export function AddCollector({ source, onClose }: { source?: string; onClose: () => void }): ReactNode {
  const meant = KINDS.find((kind) => source !== undefined && VENDORS[kind].sources.includes(source));
  const [way, setWay] = useState<Way>(meant ?? (source === undefined ? "okta" : "sqs"));
  const [added, setAdded] = useState<Added | null>(null);
  return (
    <Dialog title="Add a collector" onClose={onClose}>
      {added === null ? (
        <>
          <Field label="From">
            <select value={way} onChange={({ target }) => setWay(target.value as Way)}>
              {KINDS.map((kind) => <option key={kind} value={kind}>{VENDORS[kind].title}</option>)}
              <option value="sqs">S3, by a queue (SQS)</option>
              <option value="s3">S3, by listing a bucket</option>
              <option value="azure-blob">Azure Storage, by listing a container</option>
            </select>
          </Field>
          <Form key={way} way={way} source={source} onAdded={setAdded} />
        </>
      ) : (
        <Trial added={added} onAgain={() => setAdded(null)} onClose={onClose} />
      )}
    </Dialog>
  );
}

function Form({ way, source, onAdded }: { way: Way; source: string | undefined; onAdded: (added: Added) => void }): ReactNode {
  if (way === "sqs") return <QueueForm source={source ?? "aws.cloudtrail"} onAdded={onAdded} />;
  if (way === "s3") return <StoreForm kind={way} source={source ?? "aws.cloudtrail"} onAdded={onAdded} />;
  return way === "azure-blob" ? <StoreForm kind={way} source={source ?? "azure.activity"} onAdded={onAdded} /> : <VendorForm kind={way} onAdded={onAdded} />;
}

import type { ReactNode } from "react";
import { Button } from "../parts/Button.tsx";
import { CopyButton } from "../parts/Copy.tsx";
import { download } from "../parts/download.ts";

/** Codes for the day the app is lost; they are never shown again. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }): ReactNode {
  const text = `${codes.join("\n")}\n`;
  return (
    <div className="form">
      <h2>Recovery codes</h2>
      <p>Each opens the door once when the app is out of reach. They are shown only now: keep them where the app is not.</p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row">
        <CopyButton text={text} />
        <Button onClick={() => download("corduroy-recovery-codes.txt", new Blob([text], { type: "text/plain" }))}>Download</Button>
      </div>
      <Button look="main" onClick={onDone}>
        I have kept them
      </Button>
    </div>
  );
}

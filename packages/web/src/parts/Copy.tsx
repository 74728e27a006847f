import { useState, type ReactNode } from "react";
import { complain } from "../app/notices.ts";
import { Button } from "./Button.tsx";

/** Copies a text, and says so on itself. */
export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }): ReactNode {
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
    } catch {
      complain("The browser did not let the page copy.", "Select the text and copy it by hand.");
    }
  };
  return (
    <Button onClick={() => void copy()}>
      <span aria-live="polite">{done ? "Copied" : label}</span>
    </Button>
  );
}

/** A secret that is shown once. */
export function SecretOnce({ text }: { text: string }): ReactNode {
  return (
    <div className="secret">
      <code>{text}</code>
      <CopyButton text={text} />
    </div>
  );
}

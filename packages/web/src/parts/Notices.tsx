import { useSyncExternalStore, type ReactNode } from "react";
import { currentNotices, dismiss, onNotices } from "../app/notices.ts";

/** What was done and what failed, read out to those who listen. */
export function Notices(): ReactNode {
  const notices = useSyncExternalStore(onNotices, currentNotices);
  return (
    <section className="notices" aria-label="Notices" aria-live="polite">
      {notices.map((notice) => (
        <div key={notice.id} className={notice.failed ? "notice failed" : "notice"} role={notice.failed ? "alert" : undefined}>
          <div>
            <p>{notice.text}</p>
            {notice.hint !== undefined && <p>{notice.hint}</p>}
          </div>
          <button type="button" className="linky small" onClick={() => dismiss(notice.id)}>
            Dismiss
          </button>
        </div>
      ))}
    </section>
  );
}

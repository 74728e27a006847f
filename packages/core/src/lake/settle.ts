import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { removeFiles, syncFolder, TEMPORARY } from "./durable.ts";
import { intentIds, readIntent, removeIntent, type Intent } from "./intents.ts";
import { appendEntry, lastEntry, readEntries, type Entry } from "./log.ts";

/** Where a directory manifest keeps its things, as absolute paths. */
export interface ManifestFolders {
  lake: string;
  log: string;
  intents: string;
}

/** Which batch an entry is about. */
export function batchOf(entry: Entry): string {
  return "commit" in entry ? entry.commit.id : entry.abort;
}

/** What the log says of these batches; nothing for those it does not mention. The first entry counts. */
export async function findDecisions(log: string, ids: ReadonlySet<string>): Promise<Map<string, Entry>> {
  const found = new Map<string, Entry>();
  if (ids.size === 0) return found;
  for await (const entry of readEntries(log, 1, await lastEntry(log))) {
    const id = batchOf(entry);
    if (ids.has(id) && !found.has(id)) found.set(id, entry);
  }
  return found;
}

/** Carries a decision out: removes the files that the batch may have written and that no entry names, then the intent. */
export async function settle(folders: ManifestFolders, intent: Intent, decision: Entry): Promise<void> {
  const named = new Set("commit" in decision ? decision.commit.parts.map((part) => part.path) : []);
  await removeFiles(intent.paths.filter((path) => !named.has(path)).map((path) => join(folders.lake, path)));
  await removeIntent(folders.intents, intent.id);
}

/** Ends what dead writers have left: an intent that is not committed is aborted in the log first, and only then its files go. Needs the lock. */
export async function settleLeftovers(folders: ManifestFolders): Promise<void> {
  for (const folder of [folders.log, folders.intents]) {
    const temporaries = (await readdir(folder)).filter((name) => name.endsWith(TEMPORARY));
    await removeFiles(temporaries.map((name) => join(folder, name)));
  }
  const ids = await intentIds(folders.intents);
  const decisions = await findDecisions(folders.log, new Set(ids));
  let next = (await lastEntry(folders.log)) + 1;
  for (const id of ids) {
    const intent = await readIntent(folders.intents, id);
    if (intent === undefined) continue;
    let decision = decisions.get(id);
    while (decision === undefined) {
      const abort: Entry = { abort: id };
      if (await appendEntry(folders.log, next++, abort)) decision = abort;
    }
    await syncFolder(folders.log);
    await settle(folders, intent, decision);
  }
}

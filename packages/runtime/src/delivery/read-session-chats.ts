import type { Chat } from "@hermes/core";
import type { MaintenanceWork } from "../maintenance/task.ts";
import type { Store } from "../store.ts";

const pageRows = 200;
/** Conversations looked at: those with the newest messages. */
const maxRows = 2000;

/** The chats that somebody has talked in lately, without their threads, the one with the newest message first. */
export async function readSessionChats(
  store: Pick<Store, "listSessions">,
  platforms: ReadonlyMap<string, unknown>,
  { signal, breathe }: MaintenanceWork,
): Promise<readonly Chat[]> {
  const chats = new Map<string, Chat>();
  let before: { readonly updatedAtMs: number; readonly id: string } | undefined;
  for (let rows = 0; rows < maxRows && !signal.aborted; rows += pageRows) {
    const page = await store.listSessions({ limit: pageRows, ...(before === undefined ? {} : { before }) });
    for (const { chat } of page) {
      const { platform, chatId } = chat.ref;
      const key = JSON.stringify([platform, chatId]);
      const newer = chats.get(key);
      // A name is taken from wherever there is one; all else from what is newest.
      const isWorse = newer !== undefined && (newer.name !== undefined || chat.name === undefined);
      if (isWorse || !platforms.has(platform)) continue;
      chats.set(key, { ...chat, ...newer, ref: { platform, chatId }, ...(chat.name === undefined ? {} : { name: chat.name }) });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageRows) break;
    before = { updatedAtMs: last.updatedAtMs, id: last.id };
    await breathe();
  }
  return [...chats.values()];
}

import { keep, type TextStorage } from "../connection/text-storage.ts";

/** What was written and not sent yet, one text for each conversation, kept as long as the tab. */
export interface Drafts {
  read(sessionKey: string): string;
  write(sessionKey: string, text: string): void;
}

/** A storage that is full or closed keeps nothing: the text is still in its field. */
export function createDrafts(user: string, storage: TextStorage): Drafts {
  const nameOf = (sessionKey: string): string => `hermes.draft:${encodeURIComponent(user)}:${sessionKey}`;
  return {
    read: (sessionKey) => storage.getItem(nameOf(sessionKey)) ?? "",
    write: (sessionKey, text) => keep(storage, nameOf(sessionKey), text),
  };
}

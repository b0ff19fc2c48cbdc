/** What was written and not sent yet, one text for each conversation, kept as long as the tab. */
export interface Drafts {
  read(sessionKey: string): string;
  write(sessionKey: string, text: string): void;
}

const prefix = "hermes.draft:";

/** A storage that is full or closed keeps nothing: the text is still in its field. */
export function createDrafts(storage: Pick<Storage, "getItem" | "setItem" | "removeItem">): Drafts {
  return {
    read: (sessionKey) => storage.getItem(prefix + sessionKey) ?? "",
    write(sessionKey, text) {
      if (text === "") storage.removeItem(prefix + sessionKey);
      else storage.setItem(prefix + sessionKey, text);
    },
  };
}

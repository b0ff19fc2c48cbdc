import type { Chat } from "@hermes/core";

/** What a name means among some chats. */
export type NameMatch =
  | { readonly kind: "one"; readonly chat: Chat }
  | { readonly kind: "none" }
  | { readonly kind: "several"; readonly chats: readonly Chat[] };

/**
 * The chat that a name means: the one with this id, else with this name, else with this name in any case, else the only one whose name
 * begins so. What counts less is asked only where nothing fits before.
 */
export function matchName(name: string, chats: readonly Chat[]): NameMatch {
  const [wanted, folded] = [bare(name), fold(name)];
  const steps: readonly ((chat: Chat) => boolean)[] = [
    ({ ref }) => ref.chatId === name || ref.chatId === `#${name}`,
    (chat) => bare(chat.name ?? "") === wanted,
    (chat) => fold(chat.name ?? "") === folded,
    (chat) => fold(chat.name ?? "").startsWith(folded),
  ];
  for (const fits of steps) {
    const [first, ...rest] = chats.filter((chat) => (chat.name ?? chat.ref.chatId) !== "" && fits(chat));
    if (first !== undefined)
      return rest.length === 0 ? { kind: "one", chat: first } : { kind: "several", chats: [first, ...rest] };
  }
  return { kind: "none" };
}

/** Some platforms' names carry the `#` themselves. */
function bare(name: string): string {
  return name.trim().replace(/^#/u, "").normalize("NFC");
}

function fold(name: string): string {
  return bare(name).toLowerCase();
}

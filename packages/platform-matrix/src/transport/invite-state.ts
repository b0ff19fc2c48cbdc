import { fieldsOf, textIn, type Fields } from "../decode/raw-event.ts";
import { isUserId } from "../identifiers.ts";

/** Who invites the bot, as far as that is told of a room before it is joined; undefined where nobody is named. */
export function inviterIn(
  state: readonly unknown[],
  botId: string,
): { readonly inviter: string; readonly isDirect: boolean } | undefined {
  const member = state
    .map(fieldsOf)
    .findLast((event) => textIn(event, "type") === "m.room.member" && textIn(event, "state_key") === botId);
  const inviter = textIn(member, "sender");
  if (inviter === undefined || !isUserId(inviter)) return undefined;
  return { inviter, isDirect: fieldsOf(member?.["content"])?.["is_direct"] === true };
}

/** What somebody calls themselves there. */
export function memberNameIn(state: readonly unknown[], userId: string): string | undefined {
  return textIn(contentOf(state, "m.room.member", userId), "displayname");
}

export function roomNameIn(state: readonly unknown[]): string | undefined {
  return textIn(contentOf(state, "m.room.name", ""), "name");
}

export function isEncryptedIn(state: readonly unknown[]): boolean {
  return contentOf(state, "m.room.encryption", "") !== undefined;
}

function contentOf(state: readonly unknown[], type: string, key: string): Fields | undefined {
  const found = state
    .map(fieldsOf)
    .findLast((event) => textIn(event, "type") === type && (textIn(event, "state_key") ?? "") === key);
  return fieldsOf(found?.["content"]);
}

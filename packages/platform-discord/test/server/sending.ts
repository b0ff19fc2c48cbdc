import { invalidForm, refused } from "./errors.ts";
import type { Channel, Message, StoredFile, User, World } from "./world.ts";

/** What Create Message and Edit Message are given. */
export interface Body {
  readonly content?: string | null;
  readonly nonce?: string | number;
  readonly enforce_nonce?: boolean;
  readonly flags?: number;
  readonly embeds?: readonly object[];
  readonly message_reference?: { readonly message_id?: string; readonly fail_if_not_exists?: boolean };
  readonly allowed_mentions?: {
    readonly parse?: readonly string[];
    readonly users?: readonly string[];
    readonly roles?: readonly string[];
    readonly replied_user?: boolean;
  };
  readonly components?: readonly Row[];
  readonly attachments?: readonly { readonly id: string | number; readonly filename?: string }[];
}
interface Row {
  readonly type: number;
  readonly components?: readonly { readonly type: number; readonly label?: string; readonly custom_id?: string }[];
}

/** Discord cuts off what is empty at both ends, and counts code points. */
export function checkedContent(body: Body, hasMore: boolean): string {
  const content = (body.content ?? "").trim();
  if (Array.from(content).length > 2000) throw invalidForm("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.");
  if (content === "" && !hasMore) throw refused(50_006);
  return content;
}

export function checkComponents({ components = [] }: Body): void {
  if (components.length > 5) throw invalidForm("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
  const seen = new Set<string>();
  for (const row of components) {
    const buttons = row.components ?? [];
    if (row.type !== 1 || buttons.length < 1 || buttons.length > 5) {
      throw invalidForm("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
    }
    for (const { label = "", custom_id: id = "" } of buttons) {
      if (Array.from(label).length > 80)
        throw invalidForm("components", "BASE_TYPE_MAX_LENGTH", "Must be 80 or fewer in length.");
      if (id === "" || id.length > 100)
        throw invalidForm("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
      if (seen.has(id))
        throw invalidForm("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
      seen.add(id);
    }
  }
}

/** Whom a text names, as far as `allowed_mentions` lets it. Without that, everybody it names. */
export function mentionsIn(
  content: string,
  { allowed_mentions: allowed }: Body,
  replied: Message | undefined,
  world: World,
): {
  readonly users: readonly User[];
  readonly roles: readonly string[];
  readonly everyone: boolean;
  readonly pings: readonly string[];
} {
  const { parse = ["users", "roles", "everyone"], users = [], roles = [] } = allowed ?? {};
  const people = allowed === undefined ? ["users", "roles", "everyone"] : (allowed.parse ?? []);
  if (allowed !== undefined && parse.includes("users") && users.length > 0) {
    throw invalidForm(
      "allowed_mentions",
      "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
      'parse:["users"] and users: [ids...] are mutually exclusive.',
    );
  }
  const named = [...content.matchAll(/<@!?(\d{17,20})>/gu)].map(([, id = ""]) => id);
  const namedRoles = [...content.matchAll(/<@&(\d{17,20})>/gu)].map(([, id = ""]) => id);
  const isAllowed = (kind: string, listed: readonly string[]) => (id: string) => people.includes(kind) || listed.includes(id);
  const found = new Set(named.filter(isAllowed("users", users)));
  if (replied !== undefined && (allowed === undefined || allowed.replied_user === true)) found.add(replied.author.id);
  const foundRoles = namedRoles.filter(isAllowed("roles", roles));
  const everyone = /@(?:everyone|here)\b/u.test(content) && people.includes("everyone");
  return {
    users: [...found].flatMap((id) => world.users.get(id) ?? []),
    roles: foundRoles,
    everyone,
    pings: [...found, ...foundRoles, ...(everyone ? ["everyone"] : [])],
  };
}

/** The message that is answered; a reference to another channel is refused. */
export function repliedTo({ message_reference: reference }: Body, channel: Channel, world: World): Message | undefined {
  if (reference?.message_id === undefined) return undefined;
  const found = world.messages.get(reference.message_id);
  if (found?.channel_id === channel.id) return found;
  if (reference.fail_if_not_exists !== false)
    throw invalidForm("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message");
  return undefined;
}

/** The most that a file may have where it is sent: by the server's boosts. */
export function maxFileBytes(channel: Channel, world: World): number {
  const tier = channel.guild_id === undefined ? 0 : (world.guilds.get(channel.guild_id)?.premium_tier ?? 0);
  return (tier >= 3 ? 100 : tier === 2 ? 50 : 10) * 1024 * 1024;
}

/** The files of a form, named by `attachments`. */
export async function filesOf(form: FormData, body: Body, world: World): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = [];
  for (const [key, value] of form) {
    const index = /^files\[(\d+)\]$/u.exec(key)?.[1];
    if (index === undefined || typeof value === "string") continue;
    const described = body.attachments?.find(({ id }) => String(id) === index);
    const file = {
      id: world.id(),
      name: described?.filename ?? value.name,
      mimeType: value.type || "application/octet-stream",
      bytes: new Uint8Array(await value.arrayBuffer()),
    };
    files.push(file);
    world.files.set(file.id, file);
  }
  return files;
}

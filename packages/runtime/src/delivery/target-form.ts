import type { ChatRef, PlatformManifest, TargetPlace } from "@hermes/core";

/** How chats are written on a platform: its manifest. */
export type TargetForm = Pick<PlatformManifest, "name" | "documentationUrl" | "parseTarget">;

/** How chats are written on each platform, by its id. */
export class TargetForms {
  readonly #forms: Readonly<Record<string, TargetForm>>;

  constructor(forms: Readonly<Record<string, TargetForm>>) {
    this.#forms = forms;
  }

  /** The platform as people call it. */
  nameOf(platform: string): string {
    return this.#form(platform)?.name ?? platform;
  }

  /** Where it is said how its chats are written, as the end of a message. */
  helpOf(platform: string): string {
    const url = this.#form(platform)?.documentationUrl;
    return url === undefined ? "" : ` See ${url}`;
  }

  /** The place that a text means there; undefined where it means none. A stranger's manifest may throw, or answer anything. */
  parse(platform: string, text: string): TargetPlace | undefined {
    try {
      const form = this.#form(platform);
      const place: unknown = form === undefined ? parsePlain(text) : form.parseTarget(text);
      return isPlace(place) ? place : undefined;
    } catch {
      return undefined;
    }
  }

  /** A place as it is written there; undefined where no text leads to it. */
  write({ platform, chatId, threadId }: ChatRef): string | undefined {
    const text = threadId === undefined ? chatId : `${chatId}:${threadId}`;
    if (text !== text.trim()) return undefined;
    const place = this.parse(platform, text);
    return place?.chatId === chatId && place.threadId === threadId ? text : undefined;
  }

  #form(platform: string): TargetForm | undefined {
    return Object.hasOwn(this.#forms, platform) ? this.#forms[platform] : undefined;
  }
}

/** `chat` or `chat:thread`, where nobody says how a platform writes its chats; what begins with `#` is a name. */
function parsePlain(text: string): TargetPlace | undefined {
  const [chatId = "", threadId, ...more] = text.split(":");
  if (chatId === "" || chatId.startsWith("#") || threadId === "" || more.length > 0) return undefined;
  return threadId === undefined ? { chatId } : { chatId, threadId };
}

function isPlace(value: unknown): value is TargetPlace {
  if (typeof value !== "object" || value === null) return false;
  const { chatId, threadId, type } = value as Readonly<Record<string, unknown>>;
  const isId = (id: unknown): boolean => typeof id === "string" && id !== "";
  const isType = type === undefined || type === "dm" || type === "group" || type === "channel";
  return isId(chatId) && (threadId === undefined || isId(threadId)) && isType;
}

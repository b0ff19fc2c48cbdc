import { refuse } from "../../src/server.ts";

export interface PigeonFile {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

export interface PigeonMessage {
  readonly id: string;
  readonly chat: string;
  readonly thread?: string;
  readonly author: { readonly id: string; readonly bot: boolean };
  text: string;
  readonly pings: readonly string[];
  readonly silent: boolean;
  readonly quotes?: string;
  readonly buttons: readonly { readonly label: string; readonly token: string }[];
  readonly files: readonly PigeonFile[];
  readonly reactions: string[];
}

export interface Letter {
  readonly chat: string;
  readonly thread?: string;
  readonly text?: string;
  readonly silent?: boolean;
  readonly quotes?: string;
  /** Who may be pinged; absent: everybody who is named. */
  readonly mentions?: readonly string[];
  readonly buttons?: PigeonMessage["buttons"];
  readonly key?: string;
}

export type PigeonUpdate = { readonly number: number } & Readonly<Record<string, unknown>>;

export const bot = { id: "bot-1", bot: true } as const;
export const maxLength = 200;
export const maxFileBytes = 2000;
export const maxCaptionLength = 40;

/** Chats that exist, what stands in them, and what of it the bot was not told yet. */
export class PigeonWorld {
  readonly chats = new Map<string, { readonly type: "dm" | "group"; readonly threads: Set<string>; muted: boolean }>();
  readonly messages: PigeonMessage[] = [];
  readonly updates: PigeonUpdate[] = [];
  /** Everything that was ever told of. */
  readonly history: PigeonUpdate[] = [];
  /** How often what waits for news was answered without any. */
  lapses = 0;
  /** Whether somebody waits for news. */
  isAwaited = false;
  readonly sent = new Map<string, PigeonMessage>();
  readonly presses = new Set<string>();
  settled = 0;
  /** Called whenever there is something to tell. */
  onUpdate: () => void = () => undefined;
  #count = 0;

  id(): string {
    this.#count += 1;
    return `n${this.#count}`;
  }

  chat(id: string) {
    const chat = this.chats.get(id);
    if (chat === undefined) throw refuse(404, { code: "chat" });
    return chat;
  }

  message(id: string): PigeonMessage {
    const message = this.messages.find((one) => one.id === id);
    if (message === undefined) throw refuse(404, { code: "message" });
    return message;
  }

  /** Puts a message where it belongs; refuses as the real one would. */
  post(letter: Letter, author: PigeonMessage["author"], files: readonly PigeonFile[] = []): PigeonMessage {
    const { chat: id, thread, text = "", silent = false, quotes, mentions, buttons = [], key } = letter;
    const chat = this.chat(id);
    if (thread !== undefined && !chat.threads.has(thread)) throw refuse(404, { code: "thread" });
    if (chat.muted && author.bot) throw refuse(403, { code: "muted" });
    checkText(text, files);
    const earlier = key === undefined ? undefined : this.sent.get(key);
    if (earlier !== undefined) return earlier;
    const named = [...text.matchAll(/@(\w+)/gu)].map((match) => match[1] ?? "");
    const message: PigeonMessage = {
      id: this.id(),
      chat: id,
      ...(thread === undefined ? {} : { thread }),
      author,
      text,
      pings: named.filter((name) => mentions?.includes(name) ?? true),
      silent,
      ...(quotes === undefined ? {} : { quotes }),
      buttons,
      files,
      reactions: [],
    };
    this.messages.push(message);
    if (key !== undefined) this.sent.set(key, message);
    return message;
  }

  tell(update: Readonly<Record<string, unknown>>): void {
    this.#count += 1;
    const told = { number: this.#count, ...update };
    this.updates.push(told);
    this.history.push(told);
    this.onUpdate();
  }

  tellOf(type: string, message: PigeonMessage, more: Readonly<Record<string, unknown>> = {}): void {
    const { id, chat, thread, author, text, files } = message;
    const attachments = files.map(({ bytes, ...file }) => ({ ...file, sizeBytes: bytes.byteLength }));
    this.tell({ type, message: { id, chat, kind: this.chat(chat).type, thread, author, text, attachments, ...more } });
  }

  /** What came with a number up to this one need not be told again. */
  acknowledge(number: number): void {
    const kept = this.updates.filter((update) => update.number > number);
    this.updates.splice(0, this.updates.length, ...kept);
  }
}

export function checkText(text: string, files: readonly PigeonFile[]): void {
  if (text.length > (files.length > 0 ? maxCaptionLength : maxLength)) throw refuse(422, { code: "too-long" });
  if (text.trim() === "" && files.length === 0) throw refuse(422, { code: "empty" });
  if (files.some(({ bytes }) => bytes.byteLength > maxFileBytes)) throw refuse(422, { code: "too-long" });
}

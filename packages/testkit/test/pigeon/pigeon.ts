import {
  definePlatform,
  PlatformError,
  type CapabilityTable,
  type ChatRef,
  type Clock,
  type ConnectionOf,
  type MessageRef,
  type OutboundMessage,
  type Platform,
  type PlatformHost,
  type SendOptions,
  type Sent,
} from "@hermes/core";
import { createPigeonApi, type PigeonApi } from "./api.ts";
import { poll, receive } from "./transport.ts";
import { maxFileBytes, maxLength, type Letter } from "./world.ts";

export interface PigeonOptions {
  readonly root: string;
  readonly token: string;
  readonly mode: "polling" | "webhook" | "signed";
  readonly clock: Clock;
}

const table = {
  text: { maxLength, partsPerSend: 3, markdown: "partial", tables: false },
  inbound: { replay: "cursor", windowMs: 86_400_000 },
  idempotentSend: true,
  lookup: true,
  edit: { minIntervalMs: 10 },
  remove: {},
  live: true,
  typing: { refreshMs: 4000 },
  reactions: { allowed: "any" },
  actions: { max: 5, maxDataBytes: 64 },
  commands: { max: 10 },
  threads: { create: true },
  directMessages: true,
  listChats: true,
  media: { send: { file: maxFileBytes }, receive: ["file", "image"] },
} as const satisfies CapabilityTable;

const id = "pigeon";
const json = { files: [], actions: [] } as const;

function render(markdown: string): string {
  return markdown.replaceAll(/\*\*|`/gu, "");
}

/** A good platform: small, complete, and with a real server. */
export function pigeon({ root, token, mode, clock }: PigeonOptions): Platform {
  const platform = {
    apiVersion: 1,
    id,
    kind: "pigeon",
    claims: [{ scope: "pigeon", fingerprint: "bot-1" }],
    capabilities: table,
    measure: (markdown: string) => render(markdown).length,
    async connect(host: PlatformHost, signal: AbortSignal) {
      const api = createPigeonApi(id, root, token);
      const { name, id: botId } = (await api.call("GET", "/me", { signal })) as { readonly name: string; readonly id: string };
      if (mode !== "polling") await api.call("PUT", "/hook", { body: { signed: mode === "signed" }, signal });
      const connection = openConnection(api, { id: botId, name });
      if (mode !== "polling") return connection;
      return { ...connection, listen: (stop: AbortSignal) => poll({ platform: id, api, host, clock }, stop) };
    },
  } as const;
  if (mode === "polling") return definePlatform(platform);
  return definePlatform({ ...platform, receive: (request, host) => receive(id, request, host, mode === "signed") });
}

function openConnection(api: PigeonApi, identity: { readonly id: string; readonly name: string }): ConnectionOf<typeof table> {
  const refuse = (kind: "too-long" | "invalid", why: string): PlatformError =>
    new PlatformError({ platform: id, failure: { kind }, message: `Cannot send: ${why}` });
  const textOf = (markdown: string): string => {
    const text = render(markdown);
    if (text.length > maxLength) throw refuse("too-long", `the text has ${text.length} characters`);
    return text;
  };
  const letterOf = ({ chatId, threadId }: ChatRef, text: string, options: SendOptions, part: number): Letter => {
    if (!/^[\w-]+$/u.test(chatId)) throw refuse("invalid", "the chat's id is none");
    return {
      chat: chatId,
      ...(threadId === undefined ? {} : { thread: threadId }),
      text: textOf(text),
      silent: options.silent === true,
      ...(options.quote === undefined ? {} : { quotes: options.quote.messageId }),
      mentions: options.mentions,
      key: `${options.idempotencyKey}.${part}`,
    };
  };
  const edit = async (ref: MessageRef, { texts }: OutboundMessage, { signal }: SendOptions): Promise<void> => {
    await api.call("PATCH", `/messages/${ref.messageId}`, { body: { text: textOf(texts[0] ?? "") }, signal });
  };
  const send: ConnectionOf<typeof table>["send"] = async (chat, message, options) => {
    const { texts, files } = message;
    const buttons = message.actions.flat().map(({ label, token }) => ({ label, token }));
    if (files.some(({ kind }) => kind !== "file")) throw refuse("invalid", "only plain files are taken");
    if (files.some(({ sizeBytes }) => sizeBytes > maxFileBytes)) throw refuse("too-long", "the file is too large");
    const letters = (texts.length === 0 ? [""] : texts).map((text, part) => letterOf(chat.ref, text, options, part));
    const refs: MessageRef[] = [];
    for (const [index, letter] of letters.entries()) {
      const isLast = index === letters.length - 1;
      const body = isLast ? { ...letter, buttons } : letter;
      const form = isLast && files.length > 0 ? new FormData() : undefined;
      form?.set("letter", JSON.stringify(body));
      for (const file of form === undefined ? [] : files) {
        const bytes = await new Response(await file.open()).bytes();
        form?.append("file", new File([bytes], file.name, { type: file.mimeType }));
      }
      const { signal } = options;
      const answer = await api.call("POST", "/messages", form === undefined ? { body, signal } : { form, signal });
      refs.push({ ...chat.ref, messageId: (answer as { readonly id: string }).id });
    }
    return refs as unknown as Sent;
  };
  return {
    identity,
    send,
    edit,
    remove: async (ref) => void (await api.call("DELETE", `/messages/${ref.messageId}`)),
    async openLive(chat, options) {
      const sent = await send(chat, { ...json, texts: ["…"] }, options);
      const show = (markdown: string): Promise<void> => edit(sent[0], { ...json, texts: [markdown] }, options);
      return {
        mode: "replace",
        maxLength,
        minIntervalMs: 10,
        update: (view) => show(view.markdown),
        async finish(view) {
          await show(view.markdown);
          return sent;
        },
        abandon: async () => void (await api.call("DELETE", `/messages/${sent[0].messageId}`)),
      };
    },
    setTyping: async (chat, { active }) => {
      if (active) await api.call("POST", "/typing", { body: { chat: chat.ref.chatId } });
    },
    react: async (ref, emoji, present) => {
      await api.call(present ? "PUT" : "DELETE", `/messages/${ref.messageId}/reactions/${encodeURIComponent(emoji)}`);
    },
    settleAction: async (event) => void (await api.call("POST", `/presses/${event.interaction as string}`)),
    publishCommands: async (commands) => void (await api.call("PUT", "/commands", { body: commands })),
    async openThread(at, title) {
      const thread = (await api.call("POST", "/threads", { body: { chat: at.chatId, title } })) as { readonly id: string };
      return { ref: { platform: id, chatId: at.chatId, threadId: thread.id }, type: "group" };
    },
    async openDirectMessage(user) {
      const chat = (await api.call("POST", "/direct", { body: { user } })) as { readonly id: string };
      return { ref: { platform: id, chatId: chat.id }, type: "dm" };
    },
    async findSent(chat, key) {
      try {
        const found = (await api.call("GET", `/sent/${encodeURIComponent(`${key}.0`)}`)) as { readonly id: string };
        return [{ ...chat.ref, messageId: found.id }];
      } catch (error) {
        if (error instanceof PlatformError && error.failure.kind === "not-found") return undefined;
        throw error;
      }
    },
    async *listChats() {
      const chats = (await api.call("GET", "/chats")) as readonly { readonly id: string; readonly type: "dm" | "group" }[];
      for (const chat of chats) yield { ref: { platform: id, chatId: chat.id }, type: chat.type };
    },
    async download(attachment, { maxBytes, signal }) {
      const { id: file } = attachment.ticket as { readonly id: string };
      const response = await api.raw("GET", `/files/${file}`, { signal });
      if (Number(response.headers.get("content-length")) > maxBytes) throw refuse("too-long", "the file is too large");
      return response.body ?? new Response("").body ?? new ReadableStream();
    },
    async disconnect() {
      api.close();
    },
  };
}

import {
  completeCapabilities,
  definePlatform,
  PlatformError,
  type CapabilityTable,
  type ChatRef,
  type Clock,
  type ConnectionOf,
  type MessageRef,
  type OutboundFile,
  type OutboundMessage,
  type Platform,
  type PlatformHost,
  type SendOptions,
  type Sent,
} from "@hermes/core";
import { createPigeonApi, type PigeonApi } from "./api.ts";
import { decode, numberAt } from "./decode.ts";
import { poll, receive } from "./transport.ts";
import { maxCaptionLength, maxFileBytes, maxLength, type Letter } from "./world.ts";

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
  catchUp: true,
  pace: { perChat: { calls: 5, perMs: 1000 }, overall: { calls: 30, perMs: 1000 } },
  media: {
    send: { file: maxFileBytes, voice: maxFileBytes },
    receive: ["file", "image"],
    captionMaxLength: maxCaptionLength,
    album: { max: 3, together: [["file"]] },
  },
} as const satisfies CapabilityTable;

const inGroups = completeCapabilities({
  ...table,
  edit: { minIntervalMs: 20 },
  pace: { perChat: { calls: 20, perMs: 60_000 }, overall: table.pace.overall },
});
const inPrivate = completeCapabilities(table);
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
      return {
        ...connection,
        reportsEveryMs: 60_000,
        listen: (stop: AbortSignal) => poll({ platform: id, api, host, clock }, stop),
      };
    },
  } as const;
  if (mode === "polling") return definePlatform(platform);
  return definePlatform({ ...platform, receive: (request, host) => receive(id, request, host, mode === "signed") });
}

function openConnection(api: PigeonApi, identity: { readonly id: string; readonly name: string }): ConnectionOf<typeof table> {
  const refuse = (kind: "too-long" | "invalid", why: string): PlatformError =>
    new PlatformError({ platform: id, failure: { kind }, message: `Cannot send: ${why}` });
  const textOf = (markdown: string, limit = maxLength): string => {
    const text = render(markdown);
    if (text.length > limit) throw refuse("too-long", `the text has ${text.length} characters`);
    return text;
  };
  const letterOf = ({ chatId, threadId }: ChatRef, text: string, options: SendOptions, part: number): Letter => {
    if (!/^[\w-]+$/u.test(chatId)) throw refuse("invalid", "the chat's id is none");
    return {
      chat: chatId,
      ...(threadId === undefined ? {} : { thread: threadId }),
      text,
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
    checkFiles(files, (why) => refuse("invalid", why));
    if (files.some(({ sizeBytes }) => sizeBytes > maxFileBytes)) throw refuse("too-long", "the file is too large");
    const limit = files.length > 0 ? maxCaptionLength : maxLength;
    const words = (texts.length === 0 ? [""] : texts).map((text) => textOf(text, limit));
    // The last text goes with the first file; each file is a message of its own.
    const parts = [...words, ...files.slice(1).map(() => "")];
    const refs: MessageRef[] = [];
    for (const [index, text] of parts.entries()) {
      const letter = letterOf(chat.ref, text, options, index);
      const body = index === words.length - 1 ? { ...letter, buttons } : letter;
      const file = files[index - words.length + 1];
      const form = file === undefined ? undefined : await formOf(body, file);
      const { signal } = options;
      const answer = await api.call("POST", "/messages", form === undefined ? { body, signal } : { form, signal });
      refs.push({ ...chat.ref, messageId: (answer as { readonly id: string }).id });
    }
    return refs as unknown as Sent;
  };
  return {
    identity,
    capabilitiesFor: ({ type }) => (type === "dm" ? inPrivate : inGroups),
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
    async *catchUp(chat, since) {
      const path = `/history/${encodeURIComponent(chat.ref.chatId)}?after=${numberAt(since)}`;
      for (const update of (await api.call("GET", path)) as readonly unknown[]) yield* decode(id, update);
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

function checkFiles(files: readonly OutboundFile[], refuse: (why: string) => PlatformError): void {
  if (files.some(({ kind }) => !(kind in table.media.send))) throw refuse("only plain files and voices are taken");
  const { max, together } = table.media.album;
  const isAlbum = together.some((kinds: readonly string[]) => files.every(({ kind }) => kinds.includes(kind)));
  if (files.length > max || (files.length > 1 && !isAlbum)) throw refuse("these files cannot stand together");
}

async function formOf(letter: object, file: OutboundFile): Promise<FormData> {
  const form = new FormData();
  form.set("letter", JSON.stringify(letter));
  const bytes = await new Response(await file.open()).bytes();
  form.set("file", new File([bytes], file.name, { type: file.mimeType }));
  return form;
}

import type { Connection, PlatformEvent, PlatformHost } from "@hermes/core";
import { expect, it } from "vitest";
import { createChat, type ScriptedChat } from "../src/index.ts";

const options = { signal: new AbortController().signal, idempotencyKey: "one", mentions: [] };

/** The chat connected to a gateway that stores everything and says nothing by itself. */
async function connect(chat: ScriptedChat): Promise<{ connection: Connection; events: PlatformEvent[] }> {
  const events: PlatformEvent[] = [];
  const host: PlatformHost = {
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    accept: async (given) => {
      events.push(...given);
      return given.map(() => "stored");
    },
    memory: { get: async () => undefined, set: async () => undefined, delete: async () => undefined },
    report: () => undefined,
    fetch: () => Promise.reject(new Error("Nothing is fetched")),
  };
  return { connection: await chat.platform.connect(host, options.signal), events };
}

it("A pressed button arrives with its token, and the conversation shows it", async () => {
  const chat = createChat({ chatId: "here" });
  const { connection, events } = await connect(chat);
  const actions = [
    [
      { label: "Yes", token: "t-yes" },
      { label: "No", token: "t-no" },
    ],
  ];
  const place = { ref: { platform: "chat", chatId: "here" }, type: "dm" } as const;
  await connection.send(place, { texts: ["Sure?"], files: [], actions }, options);
  await chat.bot().shows("Yes", "No");
  await chat.user("ada").presses("No");
  const [event] = events;
  expect(event).toMatchObject({ type: "action", token: "t-no", origin: { author: { id: "ada" } } });
  if (event?.type === "action") await connection.settleAction?.(event, { notice: "Noted" });
  expect(chat.transcript()).toBe("  bot: Sure? [Yes] [No]\n  ada presses [No]\n  bot answered the press: Noted");
});

it("What is done to a message in a thread is done in that thread", async () => {
  const chat = createChat({ chatId: "here" });
  const { connection, events } = await connect(chat);
  const ada = chat.user("ada");
  await ada.says("helo", { threadId: "7" });
  await ada.edits("hello");
  const thread = { ref: { platform: "chat", chatId: "here", threadId: "7" }, type: "dm" } as const;
  await connection.send(thread, { texts: ["Sure?"], files: [], actions: [[{ label: "Yes", token: "t" }]] }, options);
  await ada.presses("Yes");
  await ada.reacts("👍");
  await ada.deletes();
  expect(events.map(({ type, chat: { ref } }) => [type, ref.threadId])).toEqual(
    ["message", "edit", "action", "reaction", "delete"].map((type) => [type, "7"]),
  );
});

it("A pattern with a memory of its own is matched anew for each message", async () => {
  const chat = createChat({ chatId: "here" });
  const { connection } = await connect(chat);
  const place = { ref: { platform: "chat", chatId: "here" }, type: "dm" } as const;
  const pattern = /ell/gu;
  for (const key of ["one", "two"]) {
    await connection.send(place, { texts: ["hello"], files: [], actions: [] }, { ...options, idempotencyKey: key });
    await chat.bot().saysMatching(pattern);
  }
});

it("Edits, deletions and reactions name the message they are about", async () => {
  const chat = createChat({ chatId: "here" });
  const { connection, events } = await connect(chat);
  const ada = chat.user("ada");
  await ada.says("helo");
  await ada.edits("hello");
  await ada.deletes();
  await connection.send(
    { ref: { platform: "chat", chatId: "here" }, type: "dm" },
    { texts: ["Hi"], files: [], actions: [] },
    options,
  );
  await ada.reacts("👍");
  const [said] = events;
  const messageId = said?.type === "message" ? said.messageId : "none";
  expect(events.slice(1)).toMatchObject([
    { type: "edit", messageId, text: "hello" },
    { type: "delete", messageIds: [messageId] },
    { type: "reaction", messageId: chat.standing[0]?.ref.messageId, emoji: "👍", added: true },
  ]);
});

it("A send that comes again under its key is said once, and a file is kept byte for byte", async () => {
  const chat = createChat({ chatId: "here" });
  const { connection } = await connect(chat);
  const bytes = Uint8Array.of(1, 2, 3);
  const file = {
    kind: "file",
    name: "a.bin",
    mimeType: "x/y",
    sizeBytes: 3,
    open: async () => new Blob([bytes]).stream(),
  } as const;
  const place = { ref: { platform: "chat", chatId: "here" }, type: "dm" } as const;
  for (let count = 0; count < 2; count += 1) await connection.send(place, { texts: [], files: [file], actions: [] }, options);
  const message = await chat.bot().sends("a.bin");
  expect(message.files[0]?.bytes).toEqual(bytes);
  expect(chat.standing).toHaveLength(1);
});

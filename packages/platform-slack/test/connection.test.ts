import type { Chat, MessageRef, SendOptions } from "@hermes/core";
import { describe, expect, test } from "vitest";
import { RecordingHost } from "@hermes/testkit";
import { closeAfterEach, closing } from "./closing.ts";
import type { WorldMessage } from "./server/world.ts";
import { club, connectApp, direct, failed, never, options, saying, shownIn, standing } from "./connected-app.ts";

closeAfterEach();

const mayPing: SendOptions = { ...options, mentions: ["U0ADA"] };
const toAda = (ref: Chat["ref"]): SendOptions => ({
  ...options,
  origin: {
    message: { ...ref, messageId: "1.000000" },
    author: { id: "U0ADA", isBot: false, assurance: "platform" },
    lifetime: "durable",
  },
});
const view = (markdown: string) => ({ markdown, steps: [] });

describe("A message", () => {
  test("stands in the thread that a mention began, as one block, without previews", async () => {
    const { server, connection, thread } = await connectApp();
    const [ref] = await connection.send(thread, saying("**hi** <@U0ADA>"), mayPing);
    const message = standing(server).at(-1);
    expect([message?.ts, message?.thread_ts]).toEqual([ref.messageId, thread.ref.threadId]);
    expect(message?.blocks).toEqual([{ type: "markdown", text: "**hi** <@U0ADA>" }]);
    const sent = server.base.requestsOf("chat.postMessage").at(-1)?.body ?? "";
    expect([...new URLSearchParams(sent)].filter(([key]) => /unfurl|parse|link_names/u.test(key))).toEqual([
      ["parse", "none"],
      ["link_names", "false"],
      ["unfurl_links", "false"],
      ["unfurl_media", "false"],
    ]);
  });

  test("of nothing that could be seen is refused, and so are two texts", async () => {
    const { connection } = await connectApp();
    expect((await failed(connection.send(club, saying(" \n\u200B"), options))).failure.kind).toBe("invalid");
    expect((await failed(connection.send(club, saying("a", "b"), options))).failure.kind).toBe("invalid");
  });

  test("for one person's eyes is seen by nobody else", async () => {
    const { server, connection } = await connectApp();
    await connection.send(club, saying("psst"), { ...options, visibleTo: "U0ADA" });
    expect(standing(server).at(-1)?.ephemeralTo).toBe("U0ADA");
  });

  test("to a workspace without a token is refused in words that say so", async () => {
    const { connection } = await connectApp();
    const error = await failed(connection.send({ ...club, ref: { ...club.ref, chatId: "T0ELSE/C0CLUB" } }, saying("x"), options));
    expect(error.message).toContain("no token belongs to the workspace T0ELSE");
  });

  test("keeps its text and other buttons go when its buttons are edited alone", async () => {
    const { server, connection } = await connectApp();
    const actions = [[{ label: "x".repeat(80), token: "t", style: "primary" as const }], [{ label: "No", token: "n" }]];
    const [ref] = await connection.send(club, { ...saying("Sure?"), actions }, options);
    expect(standing(server).at(-1)?.blocks).toHaveLength(3);
    await connection.edit?.(ref, { texts: [], files: [], actions: [] }, options);
    expect(standing(server).at(-1)).toMatchObject({ blocks: [{ type: "markdown", text: "Sure?" }], text: "Sure?" });
    const many = [Array.from({ length: 26 }, (_, index) => ({ label: "x", token: String(index) }))];
    expect((await failed(connection.send(club, { ...saying("x"), actions: many }, options))).failure.kind).toBe("invalid");
  });

  test("is found by its key, also among others, and only there", async () => {
    const { server, connection, thread } = await connectApp();
    const [ref] = await connection.send(thread, saying("mine"), { ...options, idempotencyKey: "looked for" });
    for (let count = 0; count < 250; count += 1) server.say({ chat: "T0ONE/C0CLUB", text: "noise", thread: thread.ref.threadId });
    expect(await connection.findSent?.(thread, "looked for", 0)).toEqual([ref]);
    expect(await connection.findSent?.(club, "looked for", 0)).toBeUndefined();
    expect(JSON.stringify(standing(server).map(({ metadata }) => metadata))).not.toContain("looked for");
  });
});

describe("A stream", () => {
  test("grows by what is new, is for whoever asked, and stays as it is", async () => {
    const { server, connection, thread } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("It **gr"));
    await live?.update(view("It **grows**, <@U0"));
    const [ref] = (await live?.finish(view("It **grows**, <@U0ADA>."))) ?? [];
    const message = standing(server).at(-1);
    expect([message?.ts, message?.text, message?.isStreaming]).toEqual([ref?.messageId, "It **grows**, &lt;@U0ADA>.", false]);
    const pieces = server.base.requestsOf("chat.appendStream").map(({ body }) => new URLSearchParams(body).get("markdown_text"));
    expect(pieces).toEqual(["It **gr", "ows**, ", "&lt;@U0ADA>."]);
    expect(server.base.requestsOf("chat.startStream")[0]?.body).toContain("recipient_user_id=U0ADA");
  });

  test("is none outside of threads, for nobody, or where it is switched off", async () => {
    const { connection, thread } = await connectApp();
    expect(await connection.openLive?.(direct, toAda(direct.ref))).toBeNull();
    expect(await connection.openLive?.(thread, options)).toBeNull();
    const off = await connectApp({ streaming: false });
    expect(await off.connection.openLive?.(off.thread, toAda(off.thread.ref))).toBeNull();
    expect(off.connection.capabilitiesFor?.(off.thread).live).toBe(false);
  });

  test("is asked for once where Slack has none", async () => {
    const { server, connection, thread } = await connectApp({}, (slack) => void slack.missing.add("chat.startStream"));
    expect(connection.capabilitiesFor?.(thread).live).toBe(true);
    for (let round = 0; round < 3; round += 1) expect(await connection.openLive?.(thread, toAda(thread.ref))).toBeNull();
    expect(server.base.requestsOf("chat.startStream")).toHaveLength(1);
    expect(connection.capabilitiesFor?.(thread).live).toBe(false);
  });

  test("that Slack closed in a long silence goes on as edits, and nothing is lost", async () => {
    const { server, connection, thread } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("one"));
    const message = standing(server).at(-1);
    if (message !== undefined) message.isStreaming = false;
    await live?.update(view("one two"));
    await live?.finish(view("one two three"));
    expect(shownIn(standing(server).at(-1))).toBe("one two three");
    expect(standing(server).filter(({ user }) => user === server.bot.userId)).toHaveLength(1);
  });

  test("that a crash left behind can be edited like any message", async () => {
    const { server, connection, thread } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("half a sen"));
    const ref: MessageRef = { ...thread.ref, messageId: standing(server).at(-1)?.ts ?? "" };
    await connection.edit?.(ref, saying("a whole sentence"), options);
    expect(shownIn(standing(server).at(-1))).toBe("a whole sentence");
  });

  test("that Slack closed just before its end is found by its key all the same", async () => {
    const { server, connection, thread } = await connectApp();
    const live = await connection.openLive?.(thread, { ...toAda(thread.ref), idempotencyKey: "closed" });
    await live?.update(view("one"));
    const message = standing(server).at(-1);
    if (message !== undefined) message.isStreaming = false;
    const sent = await live?.finish(view("one"));
    expect(await connection.findSent?.(thread, "closed", 0)).toEqual(sent);
  });

  test("that a killed process left is ended at the next start: what it says stays, and what says nothing goes", async () => {
    const { server, connection, thread, host, platform } = await connectApp();
    const finished = await connection.openLive?.(thread, toAda(thread.ref));
    await finished?.finish(view("finished"));
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("left in the middle"));
    await connection.openLive?.(thread, toAda(thread.ref));
    const own = (): readonly WorldMessage[] => standing(server).filter(({ user }) => user === server.bot.userId);
    expect(own().map(({ isStreaming }) => isStreaming)).toEqual([false, true, true]);
    const next = await platform.connect(new RecordingHost(host), never);
    closing.push(() => next.disconnect());
    expect(own().map(({ text, isStreaming }) => [text, isStreaming])).toEqual([
      ["finished", false],
      ["left in the middle", false],
    ]);
  });

  test("that cannot be ended yet is, at the start after", async () => {
    const { server, connection, thread, host, platform } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("half"));
    const second = new RecordingHost(host);
    server.fail("chat.stopStream", { type: "error", status: 503, body: "trouble" });
    const secondLife = await platform.connect(second, never);
    closing.push(() => secondLife.disconnect());
    expect(second.values.get("streams")).toMatchObject([{ chatId: "T0ONE/C0CLUB" }]);
    const third = new RecordingHost(second);
    const thirdLife = await platform.connect(third, never);
    closing.push(() => thirdLife.disconnect());
    expect(third.values.get("streams")).toEqual([]);
    expect(standing(server).at(-1)).toMatchObject({ text: "half", isStreaming: false });
  });

  test("that Slack does not end keeps nobody waiting at the disconnect", async () => {
    const { server, connection, thread, host, clock } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("half"));
    server.fail("chat.stopStream", { type: "hang", acted: false });
    const disconnected = connection.disconnect();
    expect(await clock.skip()).toBe(3000);
    await disconnected;
    expect(host.values.get("streams")).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test("that a store cannot remember is shown all the same", async () => {
    const { server, connection, thread, host } = await connectApp();
    host.memory.set = () => Promise.reject(new Error("the disk is full"));
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.finish(view("shown"));
    expect(standing(server).at(-1)?.text).toBe("shown");
    expect(host.logs.join()).not.toContain("disk");
  });

  test("that Slack refuses in channels is asked for in direct messages, and one for a stranger is none", async () => {
    const { server, connection, thread } = await connectApp();
    const refusal = (error: string) => ({ type: "error" as const, status: 200, body: { ok: false, error } });
    const root = server.say({ chat: direct.ref.chatId, text: "hello" });
    const chat: Chat = { ...direct, ref: { ...direct.ref, threadId: root.ts } };
    server.fail("chat.startStream", refusal("team_not_found"));
    expect(await connection.openLive?.(thread, toAda(thread.ref))).toBeNull();
    expect(connection.capabilitiesFor?.(thread).live).toBe(true);
    server.fail("chat.startStream", refusal("channel_type_not_supported"));
    expect(await connection.openLive?.(thread, toAda(thread.ref))).toBeNull();
    expect([thread, chat].map((one) => connection.capabilitiesFor?.(one).live)).toEqual([false, true]);
    const live = await connection.openLive?.(chat, toAda(chat.ref));
    await live?.finish(view("in private"));
    expect(server.base.requestsOf("chat.startStream")).toHaveLength(3);
  });

  test("that is given up, or under way when the app disconnects, stays as far as it was written", async () => {
    const { server, connection, thread, host } = await connectApp();
    const live = await connection.openLive?.(thread, toAda(thread.ref));
    await live?.update(view("half"));
    await live?.abandon();
    const other = await connection.openLive?.(thread, toAda(thread.ref));
    await other?.update(view("a third"));
    await connection.openLive?.(thread, toAda(thread.ref));
    await connection.disconnect();
    const own = standing(server).filter(({ user }) => user === server.bot.userId);
    expect(own.map(({ text, isStreaming }) => [text, isStreaming])).toEqual([
      ["half", false],
      ["a third", false],
    ]);
    expect(host.values.get("streams")).toEqual([]);
  });
});

describe("Typing", () => {
  test("is a status in threads, and nothing elsewhere", async () => {
    const { server, connection, thread } = await connectApp();
    await connection.setTyping?.(thread, { active: true, status: "is reading" });
    await connection.setTyping?.(thread, { active: false });
    await connection.setTyping?.(club, { active: true });
    expect(server.statuses.map(({ status }) => status)).toEqual(["is reading", ""]);
  });

  test("without the right is tried once", async () => {
    const { server, connection, thread } = await connectApp({}, ({ bot }) => void bot.scopes.delete("assistant:write"));
    for (let round = 0; round < 3; round += 1) await connection.setTyping?.(thread, { active: true });
    expect(server.base.requestsOf("assistant.threads.setStatus")).toHaveLength(1);
    expect(connection.capabilitiesFor?.(thread).typing).toBe(false);
  });
});

describe("A press", () => {
  const press = (responseUrl: string) => ({
    version: 1 as const,
    type: "action" as const,
    eventId: "action:1",
    chat: club,
    origin: { author: { id: "U0ADA", isBot: false, assurance: "platform" as const }, lifetime: "durable" as const },
    at: "2026-01-01T00:00:00.000Z",
    token: "t",
    interaction: { responseUrl },
  });

  test("is answered by its address, to that person alone, as plain text", async () => {
    const { server, connection } = await connectApp();
    await connection.settleAction?.(press(`${server.url}/actions/R1`), { notice: "Noted <!channel>" });
    await connection.settleAction?.(press(`${server.url}/actions/R1`), {});
    expect(server.responses).toEqual([{ response_type: "ephemeral", replace_original: false, text: "Noted &lt;!channel&gt;" }]);
  });

  test("is never answered by an address elsewhere", async () => {
    const { connection } = await connectApp();
    for (const address of [
      "http://127.0.0.1:1/x",
      "https://hooks.slack.com.evil.example/x",
      "file:///etc/passwd",
      "not an address",
    ]) {
      expect((await failed(connection.settleAction?.(press(address), { notice: "x" }))).failure.kind).toBe("invalid");
    }
  });

  test("whose address is used up is answered beside the message", async () => {
    const { server, connection } = await connectApp();
    server.fail("response_url", { type: "error", status: 404, body: "used_url" });
    await connection.settleAction?.(press(`${server.url}/actions/R1`), { notice: "Noted" });
    expect(standing(server).at(-1)?.ephemeralTo).toBe("U0ADA");
  });
});

describe("Several workspaces", () => {
  const second = "xoxb-9999-8888-FAKETOKENOFTHESECOND";
  const prepare = (server: Awaited<ReturnType<typeof connectApp>>["server"]): void => {
    const bot = server.addTeam("T0TWO", second, "Second Society");
    server.world.addChannel("T0TWO", "C0CLUB", "club", [bot.userId]);
  };
  const tokens = ["xoxb-1111-2222-FAKETOKENFORTESTS", second];

  test("are told apart, though their channels have the same id", async () => {
    const { server, connection } = await connectApp({ tokens }, prepare);
    await connection.send({ ...club, ref: { ...club.ref, chatId: "T0TWO/C0CLUB" } }, saying("in the second"), options);
    expect([...server.world.find("T0TWO/C0CLUB").messages.values()].map(shownIn)).toEqual(["in the second"]);
    expect(connection.identity.name).toBe("hermes in 2 workspaces");
    const ids = [];
    for await (const chat of connection.listChats?.() ?? []) ids.push(chat.ref.chatId);
    expect(ids).toEqual(["T0ONE/D0ADA", "T0ONE/C0CLUB", "T0TWO/C0CLUB"]);
  });

  test("are listed as far as the app may see them", async () => {
    const { connection } = await connectApp(
      {},
      ({ bot }) => void (bot.scopes.delete("mpim:read"), bot.scopes.delete("groups:read")),
    );
    const chats = [];
    for await (const chat of connection.listChats?.() ?? []) chats.push(chat);
    expect(chats).toHaveLength(2);
  });

  test("go on when one of them fails, which is said, and it comes back by itself", async () => {
    const { server, connection, host, clock } = await connectApp({ tokens }, (slack) => {
      prepare(slack);
      slack.world.botOf("T0TWO").isRevoked = true;
    });
    await connection.send(club, saying("still here"), options);
    expect(host.logs.join()).toContain("1 of 2 workspaces cannot be signed in to");
    expect(host.logs.join()).not.toContain(second);
    expect(connection.reportsEveryMs).toBeUndefined();
    const there: Chat = { ...club, ref: { ...club.ref, chatId: "T0TWO/C0CLUB" } };
    expect((await failed(connection.send(there, saying("x"), options))).failure.kind).toBe("unavailable");
    server.world.botOf("T0TWO").isRevoked = false;
    clock.pass(61_000);
    await connection.send(there, saying("back again"), options);
  });
});

test("A send that is stopped before it begins never asks Slack", async () => {
  const { server, connection } = await connectApp();
  const error = await failed(connection.send(club, saying("x"), { ...options, signal: AbortSignal.abort() }));
  expect([error.failure.kind, error.maybeDone, server.base.requestsOf("chat.postMessage").length]).toEqual(["aborted", false, 0]);
  expect(never.aborted).toBe(false);
});

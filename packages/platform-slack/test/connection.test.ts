import type { Chat, SendOptions } from "@hermes/core";
import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { club, connectApp, failed, never, options, saying, shownIn, standing } from "./connected-app.ts";

closeAfterEach();

const mayPing: SendOptions = { ...options, mentions: ["U0ADA"] };

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

import { RecordingHost } from "@hermes/testkit";
import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { chatIn, connect, failed, foundTown, listening, options, saying, soon } from "./town.ts";

closeAfterEach();

describe("A thread", () => {
  test("is opened for who addressed the bot, once, and everything goes there", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const { host, connection } = await listening(town, new RecordingHost(), { autoThread: true });
    const asked = server.say(general, ada, `<@${server.world.bot.id}> how do I make tea?`);
    await soon(() => host.texts.length === 1);
    const [question] = host.of("message");
    if (question === undefined) return expect.unreachable("it is there");
    expect(question.chat.ref.threadId).toBe(asked.id);
    await connection.react?.({ ...question.chat.ref, messageId: asked.id }, "👀", true);
    expect([...asked.reactions.keys()]).toEqual(["👀"]);
    await connection.setTyping?.(question.chat, { active: true });
    const quote = { ...question.chat.ref, messageId: asked.id };
    const [ref] = await connection.send(question.chat, saying("With water."), { ...options, quote });
    expect(ref).toMatchObject({ chatId: general.id, threadId: asked.id });
    expect(server.world.channel(asked.id)).toMatchObject({ name: "how do I make tea?", parent_id: general.id });
    expect(server.world.in(asked.id).map(({ content }) => content)).toEqual(["With water."]);
    expect(server.http.requestsOf("startThread")).toHaveLength(1);
    server.say(server.world.channel(asked.id), ada, "and then?");
    await soon(() => host.texts.includes("and then?"));
    expect(host.of("message")[1]?.chat.ref).toEqual(question.chat.ref);
    await connection.edit?.(ref, saying("With hot water."), options);
    // After a restart it stands there already.
    const again = await connect(town, new RecordingHost(), { autoThread: true });
    await again.send(question.chat, saying("More."), { ...options, idempotencyKey: "more" });
    expect(server.world.in(asked.id).at(-1)?.content).toBe("More.");
    expect(server.violations).toEqual([]);
  });

  test("that the bot may not open makes it answer in the channel, and say why in the log", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    general.lacks.add("threads");
    const { host, connection } = await listening(town, new RecordingHost(), { autoThread: true });
    server.say(general, ada, `<@${server.world.bot.id}> tea?`);
    await soon(() => host.texts.length === 1);
    const [question] = host.of("message");
    if (question === undefined) return expect.unreachable("it is there");
    const [ref] = await connection.send(question.chat, saying("Here."), options);
    expect(ref.threadId).toBeUndefined();
    await connection.edit?.(ref, saying("Here it is."), options);
    expect(server.world.in(general.id).at(-1)?.content).toBe("Here it is.");
    expect(host.logs.join("\n")).toContain("Create Public Threads");
  });

  test("in a forum is a post that begins with its title", async () => {
    const town = await foundTown();
    const { server, forum } = town;
    const connection = await connect(town, new RecordingHost());
    const thread = await connection.openThread?.({ platform: "discord", chatId: forum.id }, "  Which\ntea? ");
    expect(thread).toMatchObject({ ref: { chatId: forum.id }, name: "Which tea?" });
    expect(server.world.in(thread?.ref.threadId ?? "").map(({ content }) => content)).toEqual(["Which tea?"]);
    expect(server.violations).toEqual([]);
  });

  test("is not opened in a direct chat", async () => {
    const town = await foundTown();
    const connection = await connect(town, new RecordingHost());
    expect(connection.capabilitiesFor?.(chatIn(town.direct)).threads).toMatchObject({ create: false });
    const error = await failed(connection.openThread?.({ platform: "discord", chatId: town.direct.id }, "Tea"));
    expect(error.failure.kind).toBe("invalid");
  });
});

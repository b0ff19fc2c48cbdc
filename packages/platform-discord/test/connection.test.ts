import { RecordingHost } from "@hermes/testkit";
import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { chatIn, connect, failed, foundTown, options, saying } from "./town.ts";

closeAfterEach();

describe("A message", () => {
  test("pings whom it may, and whoever it answers is left in peace", async () => {
    const town = await foundTown();
    const { server, ada, bob, general } = town;
    const connection = await connect(town, new RecordingHost());
    const question = server.say(general, bob, "who makes tea?");
    const quote = { platform: "discord", chatId: general.id, messageId: question.id };
    const [ref] = await connection.send(chatIn(general), saying(`<@${ada.id}> <@${bob.id}> @everyone`), {
      ...options,
      quote,
      mentions: [ada.id],
    });
    expect(server.world.message(ref.messageId)).toMatchObject({
      pings: [ada.id],
      message_reference: { message_id: question.id },
    });
    await connection.edit?.(ref, saying("@everyone"), options);
    expect(server.world.message(ref.messageId).pings).toEqual([]);
  });

  test("that comes again within minutes is one message, and after that another", async () => {
    const town = await foundTown();
    const { server, direct, clock } = town;
    const connection = await connect(town, new RecordingHost());
    server.fail("createMessage", { type: "drop", when: "after" });
    expect((await failed(connection.send(chatIn(direct), saying("once"), options))).maybeDone).toBe(true);
    await connection.send(chatIn(direct), saying("once"), options);
    expect(server.world.in(direct.id)).toHaveLength(1);
    await clock.sleep(6 * 60_000);
    await connection.send(chatIn(direct), saying("once"), options);
    expect(server.world.in(direct.id)).toHaveLength(2);
  });

  test("that quotes what is gone is said all the same", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    const connection = await connect(town, new RecordingHost());
    const quote = { platform: "discord", chatId: direct.id, messageId: "1001000000000000999" };
    const [ref] = await connection.send(chatIn(direct), saying("all the same"), { ...options, quote });
    expect(server.world.message(ref.messageId).message_reference).toBeUndefined();
  });

  test("of 2000 emoji is taken, of one more refused without asking", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    const connection = await connect(town, new RecordingHost());
    await connection.send(chatIn(direct), saying("😀".repeat(2000)), options);
    const error = await failed(connection.send(chatIn(direct), saying("😀".repeat(2001)), options));
    expect([error.failure.kind, error.maybeDone]).toEqual(["too-long", false]);
    expect(server.http.requestsOf("createMessage")).toHaveLength(1);
  });

  test("that nobody would see is refused", async () => {
    const town = await foundTown();
    const connection = await connect(town, new RecordingHost());
    expect((await failed(connection.send(chatIn(town.direct), saying(" \u200B "), options))).failure.kind).toBe("invalid");
  });

  test("too many in five seconds are told as a rate limit, before Discord has to", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    server.rates.isOn = true;
    const connection = await connect(town, new RecordingHost());
    for (let count = 0; count < 5; count += 1) {
      await connection.send(chatIn(direct), saying(`message ${count}`), { ...options, idempotencyKey: `key ${count}` });
    }
    const { failure, maybeDone } = await failed(
      connection.send(chatIn(direct), saying("one more"), { ...options, idempotencyKey: "6" }),
    );
    expect([failure.kind, maybeDone]).toEqual(["rate-limited", false]);
    expect(failure.kind === "rate-limited" && (failure.retryAfterMs ?? 0) > 3000).toBe(true);
    expect(server.http.requestsOf("createMessage")).toHaveLength(5);
  });

  test("to somebody who takes none is forbidden, and so is one without the right, with what to do", async () => {
    const town = await foundTown();
    const { direct, general } = town;
    const connection = await connect(town, new RecordingHost());
    direct.lacks.add("direct");
    general.lacks.add("send");
    const closed = await failed(connection.send(chatIn(direct), saying("hello"), options));
    const mute = await failed(connection.send(chatIn(general), saying("hello"), options));
    expect([closed.failure.kind, mute.failure.kind]).toEqual(["forbidden", "forbidden"]);
    expect(closed.message).toContain("share a server");
    expect(mute.message).toContain("Send Messages");
  });

  test("after a token that was reset is not tried again", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    const connection = await connect(town, new RecordingHost());
    server.isRevoked = true;
    for (let count = 0; count < 3; count += 1) {
      expect((await failed(connection.send(chatIn(direct), saying("hello"), options))).failure.kind).toBe("unauthorized");
    }
    expect(server.http.requestsOf("createMessage")).toHaveLength(1);
  });

  test("that is old takes only so many edits", async () => {
    const town = await foundTown();
    const { server, direct, clock } = town;
    const connection = await connect(town, new RecordingHost());
    const [ref] = await connection.send(chatIn(direct), saying("0"), options);
    await clock.sleep(2 * 60 * 60_000);
    server.editsOfOld = 1;
    await connection.edit?.(ref, saying("1"), options);
    const error = await failed(connection.edit?.(ref, saying("2"), options));
    expect(error.failure.kind).toBe("rate-limited");
  });
});

describe("Besides,", () => {
  test("a reaction of a server's own emoji is refused without asking, one of Unicode is put there", async () => {
    const town = await foundTown();
    const { server, ada, direct } = town;
    const connection = await connect(town, new RecordingHost());
    const ref = { platform: "discord", chatId: direct.id, messageId: server.say(direct, ada, "tea").id };
    for (const emoji of [":party:", "party:1001000000000000300", "x", "", "\ud800"]) {
      expect((await failed(connection.react?.(ref, emoji, true))).failure.kind).toBe("invalid");
    }
    for (const emoji of ["👀", "✅", "❌", "1️⃣", "👩‍💻"]) await connection.react?.(ref, emoji, true);
    expect(server.world.message(ref.messageId).reactions.size).toBe(5);
  });

  test("buttons of more than five in a row stand in several, and more than there may be are refused", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    const connection = await connect(town, new RecordingHost());
    const buttons = (count: number) => Array.from({ length: count }, (_, index) => ({ label: `B${index}`, token: `b${index}` }));
    const rows = buttons(7).map((button) => [button]);
    const [ref] = await connection.send(chatIn(direct), { texts: ["choose"], files: [], actions: rows }, options);
    expect(server.world.message(ref.messageId).components).toHaveLength(2);
    const error = await failed(
      connection.send(chatIn(direct), { texts: ["choose"], files: [], actions: [buttons(26)] }, options),
    );
    expect(error.failure.kind).toBe("invalid");
  });

  test("nobody whom it does not share a server with gets a direct message", async () => {
    const town = await foundTown();
    const { server } = town;
    const connection = await connect(town, new RecordingHost());
    const robot = server.world.addUser("Robot", { bot: true });
    expect((await failed(connection.openDirectMessage?.(robot.id))).failure.kind).toBe("forbidden");
    expect((await failed(connection.openDirectMessage?.("ada"))).failure.kind).toBe("invalid");
  });
});

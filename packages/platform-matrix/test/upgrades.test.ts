import { describe, expect, test } from "vitest";
import { listening, set, type Setting } from "./bot.ts";
import { closeAfterEach } from "./closing.ts";
import type { Room } from "./server.ts";

closeAfterEach();

const membership = ({ server }: Setting, room: Room): string => server.world.membershipOf(room, server.bot.userId);

describe("A room that goes on as another one", () => {
  /** Ada upgrades a room. */
  const upgrade = ({ server, ada }: Setting, old: Room, isPublic = true, by = ada.userId): Room => {
    const room = server.world.addRoom(ada.userId, { name: "New room", version: "12", isPublic });
    server.world.append(old, {
      type: "m.room.tombstone",
      sender: by,
      stateKey: "",
      content: { body: "This room has been replaced", replacement_room: room.id },
    });
    return room;
  };

  test("is followed as if whoever upgraded it had invited the bot, by way of their server", async () => {
    const setting = await set();
    const { server, ada, club } = setting;
    const life = await listening(setting);
    const room = upgrade(setting, club);
    await server.until(() => membership(setting, room) === "join");
    expect(new URL(server.requestsOf("join")[0]?.path ?? "", "http://x").searchParams.get("via")).toBe("example.org");
    expect(life.host.of("membership")).toMatchObject([
      { change: "bot-added", chat: { ref: { chatId: room.id }, name: "Club" }, origin: { author: { id: ada.userId } } },
    ]);
    server.say(room, ada.userId, "here now");
    await life.until(() => life.host.texts.includes("here now"));
  });

  test("stays a direct chat", async () => {
    const setting = await set();
    const { server, ada, direct } = setting;
    const life = await listening(setting);
    const room = upgrade(setting, direct);
    await server.until(() => membership(setting, room) === "join");
    server.say(room, ada.userId, "still for two");
    await life.until(() => life.host.texts.includes("still for two"));
    expect(life.host.events.at(-1)).toMatchObject({ addressed: true, chat: { type: "dm" } });
  });

  test("is not entered where that is a stranger's wish, and none is followed where none is wanted", async () => {
    for (const more of [{}, { invites: "none" }] as const) {
      const setting = await set(more);
      const life = await listening(setting);
      if (more.invites === undefined) life.host.verdict = ({ type }) => (type === "membership" ? "refused" : "stored");
      const room = upgrade(setting, setting.club);
      setting.server.say(setting.direct, setting.ada.userId, "a marker");
      await life.until(() => life.host.texts.includes("a marker"));
      await life.stop();
      expect(membership(setting, room)).toBe("leave");
      expect(setting.server.requestsOf("join")).toEqual([]);
      expect(setting.server.requestsOf("leave")).toEqual([]);
    }
  });

  test("that lets nobody in is said in the log, until somebody invites", async () => {
    const setting = await set();
    const life = await listening(setting);
    const room = upgrade(setting, setting.club, false);
    await expect.poll(() => life.host.logs.some((line) => line.includes("cannot be followed"))).toBe(true);
    setting.server.world.setMembership(room, setting.server.bot.userId, setting.ada.userId, "invite");
    await setting.server.until(() => membership(setting, room) === "join");
  });

  test.each(["", "!nobody", 7, undefined, "!room:example.org/../../x"])("into %j is none", async (target) => {
    const setting = await set();
    const life = await listening(setting);
    const content = { body: "x", replacement_room: target };
    setting.server.world.append(setting.club, { type: "m.room.tombstone", sender: setting.ada.userId, stateKey: "", content });
    await life.until(() => life.host.events.length === 1);
    expect(life.host.events).toMatchObject([{ type: "other", name: "m.room.tombstone" }]);
  });
});

import { RecordingHost } from "@hermes/testkit";
import { describe, expect, test } from "vitest";
import { chatIn, failed, listening, plainOptions, saying, set, type Setting } from "./bot.ts";
import { closeAfterEach } from "./closing.ts";
import type { Room } from "./server.ts";
import { eventsIn } from "./server/world.ts";

closeAfterEach();

/** Ada opens a room and invites the bot. */
function invite({ server, ada }: Setting, { isDirect = false, isEncrypted = false } = {}): Room {
  const { world, bot } = server;
  const room = world.addRoom(ada.userId, { name: "New room" });
  if (isEncrypted) encrypt(room, server);
  world.setMembership(room, bot.userId, ada.userId, "invite", isDirect ? { is_direct: true } : {});
  return room;
}

function encrypt(room: Room, { world }: Setting["server"]): void {
  world.append(room, {
    type: "m.room.encryption",
    sender: "@ada:example.org",
    stateKey: "",
    content: { algorithm: "m.megolm.v1.aes-sha2" },
  });
}

const membership = ({ server }: Setting, room: Room): string => server.world.membershipOf(room, server.bot.userId);

describe("An invitation", () => {
  test("of somebody who may talk to the bot is told and followed", async () => {
    const setting = await set();
    const life = await listening(setting);
    const room = invite(setting);
    await setting.server.until(() => membership(setting, room) === "join");
    expect(life.host.events).toMatchObject([
      {
        type: "membership",
        change: "bot-added",
        chat: { ref: { chatId: room.id }, type: "group", name: "New room" },
        origin: { author: { id: setting.ada.userId, name: "Ada" } },
      },
    ]);
  });

  test("to a direct chat makes it one, in the account's data and for the first message", async () => {
    const setting = await set();
    const { server, ada } = setting;
    const life = await listening(setting);
    const room = invite(setting, { isDirect: true });
    await server.until(() => membership(setting, room) === "join");
    server.say(room, ada.userId, "hello");
    await life.until(() => life.host.texts.includes("hello"));
    expect(life.host.events.at(-1)).toMatchObject({ chat: { type: "dm" }, addressed: true });
    await server.until(() => JSON.stringify(server.bot.data.get("m.direct")?.content).includes(room.id));
    expect(server.bot.data.get("m.direct")?.content[ada.userId]).toEqual([setting.direct.id, room.id]);
  });

  test("of a stranger is rejected", async () => {
    const setting = await set();
    const life = await listening(setting);
    life.host.verdict = () => "refused";
    const room = invite(setting);
    await setting.server.until(() => membership(setting, room) === "leave");
    expect(setting.server.requestsOf("join")).toEqual([]);
  });

  test("of a stranger is not followed because it is told twice", async () => {
    const setting = await set();
    const { server } = setting;
    const life = await listening(setting);
    life.host.verdict = () => "refused";
    await server.until(() => server.isPolled);
    server.fail("leave", { type: "error", status: 403, body: { errcode: "M_FORBIDDEN", error: "Not now" } });
    // The invitation is taken, and the process ends before the token that tells so is stored.
    life.host.beforeAccept = (events) => {
      if (events.length === 0) throw new Error("the process ends");
    };
    const room = invite(setting);
    await life.until(() => life.host.reports.some((report) => report.startsWith("degraded")));
    await server.until(() => server.requestsOf("leave").length === 1);
    await life.stop();
    await listening(setting, life.host);
    await server.until(() => membership(setting, room) === "leave");
    expect(server.requestsOf("join")).toEqual([]);
  });

  test("is followed whoever it is of, or never, where that is wanted", async () => {
    const everybody = await set({ invites: "all" });
    const life = await listening(everybody);
    life.host.verdict = () => "refused";
    const room = invite(everybody);
    await everybody.server.until(() => membership(everybody, room) === "join");
    const nobody = await set({ invites: "none" });
    await listening(nobody);
    const other = invite(nobody);
    await nobody.server.until(() => membership(nobody, other) === "leave");
  });

  test("that came while the bot was away is followed, also before it listened for the first time", async () => {
    const setting = await set();
    const room = invite(setting);
    await listening(setting);
    await setting.server.until(() => membership(setting, room) === "join");
  });

  test("is tried again where the homeserver cannot follow it now, and after a restart", async () => {
    const setting = await set();
    const { server, clock } = setting;
    const life = await listening(setting);
    server.fail("join", { type: "error", status: 502, body: "<html>", headers: { "content-type": "text/html" } }, 2);
    const room = invite(setting);
    await life.until(() => life.host.events.length === 1);
    expect(await clock.skip()).toBe(2000);
    await server.until(() => server.requestsOf("join").length === 2);
    await life.stop();
    expect(membership(setting, room)).toBe("invite");
    await listening(setting, life.host);
    await server.until(() => membership(setting, room) === "join");
  });

  test("that cannot be followed at all is said in the log and forgotten", async () => {
    const setting = await set();
    const life = await listening(setting);
    setting.server.fail("join", { type: "error", status: 403, body: { errcode: "M_FORBIDDEN", error: "You are banned" } });
    invite(setting);
    const isLogged = (): boolean => life.host.logs.some((line) => line.startsWith("The invitation to"));
    await setting.server.until(() => setting.server.requestsOf("join").length === 1);
    await expect.poll(isLogged).toBe(true);
  });

  test("is found in a flood of one stranger's, of which most are left as they are", async () => {
    const setting = await set();
    const { server } = setting;
    const grace = server.world.addAccount("grace", { displayName: "Grace" });
    const flood = Array.from({ length: 600 }, () => invite(setting));
    const wanted = server.world.addRoom(grace.userId, { name: "Wanted" });
    server.world.setMembership(wanted, server.bot.userId, grace.userId, "invite");
    const host = new RecordingHost();
    host.verdict = ({ origin }) => (origin.author.id === grace.userId ? "stored" : "refused");
    const life = await listening(setting, host);
    await server.until(() => membership(setting, wanted) === "join");
    await server.until(() => flood.filter((room) => membership(setting, room) === "leave").length === 10);
    expect(life.host.events).toHaveLength(1);
    expect(server.requestsOf("join")).toHaveLength(1);
    expect(life.host.logs).toContain("601 invitations came at once; 590 of them are left as they are");
  });

  test("is followed while the rooms of others are slow to be left", async () => {
    const setting = await set();
    const { server } = setting;
    server.fail("leave", { type: "hang", acted: false });
    const grace = server.world.addAccount("grace");
    const host = new RecordingHost();
    host.verdict = ({ origin }) => (origin.author.id === grace.userId ? "stored" : "refused");
    await listening(setting, host);
    invite(setting);
    await server.until(() => server.requestsOf("leave").length === 1);
    const wanted = server.world.addRoom(grace.userId);
    server.world.setMembership(wanted, server.bot.userId, grace.userId, "invite");
    await server.until(() => membership(setting, wanted) === "join");
  });

  test("is kept once the store takes it, however long that lasts", async () => {
    const setting = await set();
    const { server, clock } = setting;
    const life = await listening(setting);
    const write = life.host.memory.set;
    let refusals = 3;
    life.host.memory.set = async (key, value) => {
      if (key.startsWith("invites:") && refusals-- > 0) throw new Error("the disk is full");
      await write(key, value);
    };
    const room = invite(setting);
    expect([await clock.skip(), await clock.skip(), await clock.skip()]).toEqual([250, 500, 1000]);
    await server.until(() => membership(setting, room) === "join");
    expect(life.host.reports.at(-1)).toBe("up");
  });
});

describe("Being thrown out", () => {
  test("is told with who did it", async () => {
    const setting = await set();
    const { server, ada, club } = setting;
    const life = await listening(setting);
    server.world.setMembership(club, server.bot.userId, ada.userId, "ban");
    await life.until(() => life.host.events.length === 1);
    expect(life.host.events[0]).toMatchObject({
      type: "membership",
      change: "bot-removed",
      origin: { author: { id: ada.userId } },
    });
  });
});

describe("An encrypted room", () => {
  test("is not entered, and whoever invited is told why", async () => {
    const setting = await set();
    const { server } = setting;
    const life = await listening(setting);
    const room = invite(setting, { isEncrypted: true });
    await server.until(() => membership(setting, room) === "leave");
    expect(room.state.get(`m.room.member ${server.bot.userId}`)?.content["reason"]).toContain("I cannot read encrypted rooms");
    expect(life.host.events).toEqual([]);
  });

  test("that was none before is told of once, whatever is said there and however often the bot starts", async () => {
    const setting = await set();
    const { server, ada, club } = setting;
    const { world } = server;
    const life = await listening(setting);
    server.say(club, ada.userId, "still open");
    await life.until(() => life.host.texts.includes("still open"));
    encrypt(club, server);
    const notices = (): number =>
      eventsIn(club).filter(({ sender, type }) => sender === server.bot.userId && type === "m.room.message").length;
    await server.until(() => notices() === 1);
    const secret = (): void =>
      void world.append(club, {
        type: "m.room.encrypted",
        sender: ada.userId,
        content: { algorithm: "m.megolm.v1.aes-sha2", ciphertext: "…" },
      });
    secret();
    await life.until(() => life.host.events.some(({ type }) => type === "other"));
    expect(life.host.events.at(-1)).toMatchObject({
      type: "other",
      name: "m.room.encrypted",
      chat: { facts: { encrypted: true } },
    });
    await life.stop();
    secret();
    const after = await listening(setting, life.host);
    server.say(setting.direct, ada.userId, "a marker");
    await after.until(() => after.host.texts.includes("a marker"));
    await after.stop();
    expect(notices()).toBe(1);
  });

  test("is not spoken in", async () => {
    const setting = await set();
    encrypt(setting.club, setting.server);
    const { connection } = await listening(setting);
    const error = await failed(connection.send(chatIn(setting.club), saying("secret"), plainOptions()));
    expect(error).toMatchObject({ failure: { kind: "forbidden" }, maybeDone: false });
    expect(error.message).toContain("the room is encrypted. I cannot read encrypted rooms");
    expect(setting.server.requestsOf("send")).toEqual([]);
  });
});

describe("A direct chat", () => {
  test("that a third person comes into is a group", async () => {
    const setting = await set();
    const { server, ada, direct } = setting;
    const life = await listening(setting);
    server.say(direct, ada.userId, "for two");
    await life.until(() => life.host.texts.includes("for two"));
    const eve = server.world.addAccount("eve", { displayName: "Eve" });
    server.world.setMembership(direct, eve.userId, eve.userId, "join");
    server.say(direct, eve.userId, "for three");
    await life.until(() => life.host.texts.includes("for three"));
    expect(life.host.events.map(({ chat }) => chat.type)).toEqual(["dm", "group"]);
    expect(life.host.events.at(-1)).toMatchObject({ addressed: false });
  });
});

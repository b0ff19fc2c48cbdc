import type { Chat, MessageRef } from "@hermes/core";
import type { PlatformBench, PlatformHarness, Said } from "@hermes/testkit/conformance";
import { manifest } from "../src/manifest.ts";
import { matrix } from "../src/matrix.ts";
import { failuresOf } from "./harness/failures.ts";
import { poisonFor } from "./harness/poison.ts";
import { standingIn } from "./harness/standing.ts";
import { startHomeserver, type Account, type Homeserver, type Room, type StoredEvent } from "./server.ts";

/** A Matrix homeserver on loopback, as the conformance suite plays on it. */
export const matrixHarness: PlatformHarness = {
  async start({ clock }) {
    const server = await startHomeserver({ nowMs: () => clock.now() });
    const { world, bot, device } = server;
    const ada = world.addAccount("ada", { displayName: "Ada" });
    const beep = world.addAccount("beep", { displayName: "Beep" });
    const stage: Played = { server, ada, beep };
    const direct = server.addDirect(ada);
    const club = server.addGroup([ada, beep], { name: "Club", version: "12" });
    const root = server.say(club, ada.userId, "where a thread begins");
    // Whoever is invited to a chat for two comes.
    server.onDirectInvite = (room, guests) => {
      for (const guest of guests) world.setMembership(room, guest, guest, "join");
    };
    const options = { userId: bot.userId, homeserver: server.url, accessToken: device.token };
    return {
      ...benchOn(stage),
      create: () => matrix(options, { clock, silenceMs: 5000 }),
      configuration: options,
      secrets: [device.token],
      places: {
        direct: { chat: { ...placeOf(direct), type: "dm" }, written: direct.id },
        group: { chat: placeOf(club), written: club.id },
        thread: { chat: placeOf(club, root.event_id), written: `${club.id}:${root.event_id}` },
      },
      failures: failuresOf(server),
      poison: poisonFor(server, direct),
      pinging: pings(ada),
      mention: { markdown: `[Ada](https://matrix.to/#/${ada.userId})`, userId: ada.userId },
    };
  },
};

interface Played {
  readonly server: Homeserver;
  readonly ada: Account;
  readonly beep: Account;
}

function pings({ userId }: Account): readonly string[] {
  const encoded = encodeURIComponent(userId);
  return [
    "@room",
    userId,
    `[Ada](https://matrix.to/#/${encoded})`,
    `[Ada](HTTPS://MATRIX.TO/#/${userId})`,
    `[Ada](http://matrix.to/#/%2540ada:example.org)`,
    `[Ada](https://www.matrix.to/#/${userId}?via=example.org)`,
    `[Ada](matrix:u/${userId.slice(1)})`,
    `**${userId}**`,
    `<a href="https://matrix.to/#/${userId}">Ada</a>`,
    `![Ada](https://matrix.to/#/${userId})`,
    `<https://matrix.to/#/${userId}>`,
    `- [Ada][1]\n\n[1]: https://matrix.to/#/${userId}`,
  ];
}

type Fixed = "listening" | "people" | "standing" | "timePasses" | "underWay" | "manifest" | "close";

function benchOn(played: Played): Pick<PlatformBench, Fixed> {
  const { server, ada } = played;
  const { world } = server;
  const roomOf = ({ chatId }: { readonly chatId: string }): Room => {
    const room = world.rooms.get(chatId);
    if (room === undefined) throw new Error(`There is no room ${chatId}`);
    return room;
  };
  const found = (ref: MessageRef): StoredEvent => {
    const event = world.find(roomOf(ref), ref.messageId);
    if (event === undefined) throw new Error(`No message ${ref.messageId} stands in ${ref.chatId}`);
    return event;
  };
  return {
    people: {
      says: (said) => ({ ...said.in.ref, messageId: speak(played, roomOf(said.in.ref), said).event_id }),
      edits: (ref, text) => void server.edit(roomOf(ref), found(ref), text),
      // A client sends an edit whenever somebody presses "save".
      touches: (ref) => void server.edit(roomOf(ref), found(ref), String(found(ref).content["body"])),
      deletes: (ref) => void world.redact(roomOf(ref), ref.messageId, ada.userId),
      reacts: (ref, emoji) => void server.react(roomOf(ref), found(ref), `${emoji}\uFE0F`, ada.userId),
    },
    standing: (chat) => standingIn(server, chat),
    async timePasses() {
      await server.until(() => server.isPolled, "the homeserver was asked for what is new");
      server.lapse();
    },
    listening: () => server.until(() => server.isPolled, "the homeserver was asked for what is new"),
    underWay: () => server.underWay,
    manifest,
    async close() {
      await server.close();
      if (server.violations.length > 0)
        throw new Error(`Calls do not fit the API's description: ${server.violations.join("; ")}`);
    },
  };
}

function placeOf(room: Room, threadId?: string): Chat {
  return { ref: { platform: "matrix", chatId: room.id, ...(threadId === undefined ? {} : { threadId }) }, type: "group" };
}

/** As what a client sends a file of a kind. */
const types = {
  image: "m.image",
  audio: "m.audio",
  voice: "m.audio",
  video: "m.video",
  sticker: "m.sticker",
  file: "m.file",
} as const;

function speak({ server, ada, beep }: Played, room: Room, { in: { ref }, text, by = "person", file }: Said): StoredEvent {
  const { threadId } = ref;
  const sender = by === "ourselves" ? server.bot : by === "bot" ? beep : ada;
  const thread =
    threadId === undefined
      ? {}
      : {
          "m.relates_to": {
            rel_type: "m.thread",
            event_id: threadId,
            is_falling_back: true,
            "m.in_reply_to": { event_id: threadId },
          },
        };
  if (file === undefined) {
    return server.say(room, sender.userId, text, { ...thread, ...(by === "person" ? {} : { msgtype: "m.notice" }) });
  }
  const mediaId = `Given${server.files.size + 1}`;
  server.files.set(mediaId, file);
  const content = {
    body: text,
    filename: file.name,
    url: `mxc://${server.world.serverName}/${mediaId}`,
    info: { mimetype: file.mimeType, size: file.bytes.byteLength },
    ...(file.kind === "voice" ? { "org.matrix.msc3245.voice": {} } : {}),
    ...thread,
  };
  const isSticker = file.kind === "sticker";
  const type = isSticker ? "m.sticker" : "m.room.message";
  return server.world.append(room, {
    type,
    sender: sender.userId,
    content: isSticker ? content : { ...content, msgtype: types[file.kind] },
  });
}

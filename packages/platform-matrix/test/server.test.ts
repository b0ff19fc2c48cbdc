import { EventType, MatrixError, MsgType, RelationType, RoomEvent, type MatrixClient, type MatrixEvent } from "matrix-js-sdk";
import { describe, expect, test } from "vitest";
import { closeAfterEach, closing } from "./closing.ts";
import { openSdkClient } from "./sdk-client.ts";
import { startHomeserver, type Homeserver, type Room } from "./server.ts";
import { eventsIn } from "./server/world.ts";

closeAfterEach();

interface Met {
  readonly server: Homeserver;
  readonly room: Room;
  readonly ada: MatrixClient;
  readonly bot: MatrixClient;
}

/** Ada and the bot in one room, each with the vendor's own client. */
async function meet(): Promise<Met> {
  const server = await startHomeserver();
  closing.push(() => server.close());
  const room = server.addGroup([server.world.addAccount("ada", { displayName: "Ada" })], { name: "Club" });
  return { server, room, ada: await openSdkClient(server, "ada"), bot: await openSdkClient(server, "hermes") };
}

/** The next event of a room that fits, as the vendor's client tells it. */
function next(client: MatrixClient, fits: (event: MatrixEvent) => boolean): Promise<MatrixEvent> {
  return new Promise((resolve) => {
    client.on(RoomEvent.Timeline, (event) => {
      if (fits(event)) resolve(event);
    });
  });
}

async function refused(call: Promise<unknown>): Promise<MatrixError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof MatrixError ? error : expect.unreachable(`the call ended with ${String(error)}`);
}

describe("The vendor's own client", () => {
  test("hears what another says, with the name of who said it", async () => {
    const { room, ada, bot } = await meet();
    const heard = next(bot, (event) => event.getContent()["body"] === "hello");
    const { event_id: id } = await ada.sendMessage(room.id, { msgtype: MsgType.Text, body: "hello" });
    const event = await heard;
    expect([event.getId(), event.getSender(), event.sender?.name]).toEqual([id, "@ada:example.org", "Ada"]);
    expect(bot.getRoom(room.id)?.name).toBe("Club");
  });

  test("answers, edits, reacts and takes out, and finds it so", async () => {
    const { server, room, ada, bot } = await meet();
    const { event_id: question } = await ada.sendMessage(room.id, { msgtype: MsgType.Text, body: "a question" });
    const relation = { "m.in_reply_to": { event_id: question } };
    const { event_id: answer } = await bot.sendMessage(room.id, {
      msgtype: MsgType.Notice,
      body: "an answer",
      "m.relates_to": relation,
    });
    const words = { msgtype: MsgType.Notice, body: "a better answer" };
    await bot.sendMessage(room.id, {
      ...words,
      body: "* a better answer",
      "m.new_content": words,
      "m.relates_to": { rel_type: RelationType.Replace, event_id: answer },
    } as never);
    const reaction = { "m.relates_to": { rel_type: RelationType.Annotation, event_id: answer, key: "👍" } };
    const { event_id: thumb } = await ada.sendEvent(room.id, EventType.Reaction, reaction as never);
    expect((await refused(ada.sendEvent(room.id, EventType.Reaction, reaction as never))).errcode).toBe("M_DUPLICATE_ANNOTATION");
    const { chunk } = await ada.fetchRelations(room.id, answer, RelationType.Annotation, EventType.Reaction, {});
    expect(chunk.map((event) => event.event_id)).toEqual([thumb]);
    await ada.redactEvent(room.id, thumb);
    expect(server.world.find(room, thumb)?.content).toEqual({});
    expect((await refused(bot.redactEvent(room.id, question))).errcode).toBe("M_FORBIDDEN");
  });

  test("says something in a thread, and starts none in another", async () => {
    const { room, ada } = await meet();
    const { event_id: root } = await ada.sendMessage(room.id, { msgtype: MsgType.Text, body: "root" });
    const { event_id: inside } = await ada.sendMessage(room.id, root, { msgtype: MsgType.Text, body: "inside" });
    const relation = { rel_type: RelationType.Thread, event_id: inside };
    const deeper = ada.sendMessage(room.id, { msgtype: MsgType.Text, body: "too deep", "m.relates_to": relation } as never);
    expect((await refused(deeper)).httpStatus).toBe(400);
  });

  test("sends a file up and gets the same bytes back, with its token alone", async () => {
    const { server, ada } = await meet();
    const bytes = Buffer.from([1, 2, 3, 4]);
    const { content_uri: address } = await ada.uploadContent(bytes, { name: "four.bin", type: "application/x-four" });
    const url = ada.mxcUrlToHttp(address, undefined, undefined, undefined, false, true, true);
    const get = (headers: Record<string, string>): Promise<Response> =>
      fetch(url ?? "", { headers: { connection: "close", ...headers } });
    const response = await get({ authorization: `Bearer ${ada.getAccessToken()}` });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect((await get({})).status).toBe(401);
    expect(await ada.getMediaConfig(true)).toEqual({ "m.upload.size": server.maxUploadBytes });
  });

  test("is told the same event for a transaction that comes again", async () => {
    const { server, room, ada } = await meet();
    const content = { msgtype: MsgType.Text, body: "once" } as const;
    const first = await ada.sendMessage(room.id, content, "the-same");
    const again = await ada.http.authedRequest(
      "PUT" as never,
      `/rooms/${encodeURIComponent(room.id)}/send/m.room.message/the-same`,
      undefined,
      content,
    );
    expect(again).toEqual(first);
    expect(eventsIn(room).filter((event) => event.content["body"] === "once")).toHaveLength(1);
    expect(server.violations).toEqual([]);
  });

  test("is refused what a homeserver refuses, in its words", async () => {
    const { server, room, ada } = await meet();
    const text = (body: string): Promise<unknown> => ada.sendMessage(room.id, { msgtype: MsgType.Text, body });
    expect(await refused(text("x".repeat(65_000)))).toMatchObject({ httpStatus: 413, errcode: "M_TOO_LARGE" });
    expect((await refused(ada.sendMessage(room.id, { msgtype: MsgType.Text } as never))).errcode).toBe("M_BAD_JSON");
    expect((await refused(ada.sendMessage("!nowhere12:example.org", { msgtype: MsgType.Text, body: "x" }))).errcode).toBe(
      "M_FORBIDDEN",
    );
    server.rates.exhaust("@ada:example.org", server.nowMs());
    const limited = await refused(
      ada.http.authedRequest("PUT" as never, `/rooms/${encodeURIComponent(room.id)}/send/m.room.message/fast`, undefined, {
        msgtype: "m.text",
        body: "x",
      }),
    );
    expect(limited.errcode).toBe("M_LIMIT_EXCEEDED");
    expect(limited.getRetryAfterMs()).toBeGreaterThan(0);
  });

  test("joins where it is invited, and opens a room for two", async () => {
    const { server, ada, bot } = await meet();
    const { room_id: id } = await ada.createRoom({ is_direct: true, invite: ["@hermes:example.org"] });
    await bot.joinRoom(id);
    const opened = server.world.rooms.get(id);
    expect(opened && server.world.membersOf(opened)).toEqual(["@ada:example.org", "@hermes:example.org"]);
    expect(await bot.getJoinedRooms()).toMatchObject({ joined_rooms: [expect.any(String), id] });
    await bot.leave(id);
    const rejoin = bot.http.authedRequest("POST" as never, `/rooms/${encodeURIComponent(id)}/join`, undefined, {});
    expect((await refused(rejoin)).errcode).toBe("M_FORBIDDEN");
  });

  test("is told that its session is over, and whether softly", async () => {
    const { server, bot } = await meet();
    const device = server.sessions.devicesOf("@hermes:example.org").at(-1);
    server.sessions.endAll("@hermes:example.org", true);
    const error = await refused(bot.whoami());
    expect(error).toMatchObject({ errcode: "M_UNKNOWN_TOKEN", data: { soft_logout: true } });
    expect(device?.token).toMatch(/^FAKE-TOKEN/u);
  });
});

import { describe, expect, it } from "vitest";
import type { Account, Room } from "../../../../packages/platform-matrix/test/server.ts";
import { stop } from "../serve.ts";
import { matrixHouse, textsOf, until, type MatrixHouse } from "./house.ts";

function invite({ server }: MatrixHouse, by: Account, isEncrypted = false, isDirect = true): Room {
  const { world, bot } = server;
  const room = world.addRoom(by.userId, { name: "New room" });
  const content = { algorithm: "m.megolm.v1.aes-sha2" };
  if (isEncrypted) world.append(room, { type: "m.room.encryption", sender: by.userId, stateKey: "", content });
  world.setMembership(room, bot.userId, by.userId, "invite", isDirect ? { is_direct: true } : {});
  return room;
}

const membership = ({ server }: MatrixHouse, room: Room): string => server.world.membershipOf(room, server.bot.userId);

describe("Invited on Matrix, the bot", () => {
  it("comes where somebody who may talk to it asks it to, and answers there; strangers and encrypted rooms it turns down", async () => {
    const house = await matrixHouse();
    const { server, ada, grace } = house;
    const hermes = await house.serve();
    const wanted = invite(house, ada);
    const strange = invite(house, grace);
    const secret = invite(house, ada, true);
    await until(() => membership(house, wanted) === "join");
    house.says(wanted, "hello");
    expect(await house.sees(wanted, (texts) => texts.length === 1)).toEqual(["echo: hello"]);
    await until(() => membership(house, strange) === "leave" && membership(house, secret) === "leave");
    expect(secret.state.get(`m.room.member ${server.bot.userId}`)?.content["reason"]).toContain("I cannot read encrypted rooms");
    await stop(hermes);
    expect(textsOf(server, strange)).toEqual([]);
  });

  it("finds the invitation that counts in a flood of others, also one that came while it was away", async () => {
    const house = await matrixHouse();
    const { ada, grace } = house;
    await stop(await house.serve());
    const flood = Array.from({ length: 300 }, () => invite(house, grace));
    const wanted = invite(house, ada);
    const hermes = await house.serve();
    await until(() => membership(house, wanted) === "join");
    house.says(wanted, "hello");
    await house.sees(wanted, (texts) => texts.includes("echo: hello"));
    await until(() => flood.filter((room) => membership(house, room) === "leave").length === 10);
    await stop(hermes);
    expect(flood.filter((room) => membership(house, room) === "join")).toEqual([]);
    expect(hermes.errors()).toContain("301 invitations came at once; 290 of them are left as they are");
  });

  it("follows a room that is upgraded by somebody who may talk to it, and by nobody else", async () => {
    const house = await matrixHouse();
    const { server, ada, grace, club, direct } = house;
    const hermes = await house.serve();
    const upgrade = (old: Room, by: Account): Room => {
      const room = server.world.addRoom(by.userId, { version: "12", isPublic: true });
      const content = { body: "This room has been replaced", replacement_room: room.id };
      server.world.append(old, { type: "m.room.tombstone", sender: by.userId, stateKey: "", content });
      return room;
    };
    const strange = upgrade(club, grace);
    const wanted = upgrade(direct, ada);
    await until(() => membership(house, wanted) === "join");
    house.says(wanted, "still here?");
    await house.sees(wanted, (texts) => texts.includes("echo: still here?"));
    await stop(hermes);
    expect(membership(house, strange)).toBe("leave");
  });
});

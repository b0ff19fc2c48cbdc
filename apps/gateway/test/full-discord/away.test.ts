import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { kill, openHouse, soon } from "./house.ts";

it("What was said while the gateway was down and its session expired is answered from history: everywhere, in order and once", async () => {
  const house = await openHouse({ busy: { mode: "queue" } });
  const { server, ada, bob, guild, general, direct, texts } = house;
  const other = server.world.addChannel(0, "other", { guild_id: guild.id });
  const thread = server.world.addChannel(11, "a thread", { guild_id: guild.id, parent_id: other.id });
  const voice = server.world.addChannel(2, "Voice", { guild_id: guild.id });
  const places = [general, other, thread, voice, direct];
  const mention = `<@${server.world.bot.id}>`;
  const first = await house.serve();
  server.say(direct, ada, "hello");
  await house.answered(direct, 1);
  await kill(first);
  server.gateway.expireSessions();
  for (let count = 1; count <= 3; count += 1) {
    for (const place of places) {
      server.say(place, ada, `${place === direct ? "" : `${mention} `}${place.name ?? "private"} ${count}`);
      server.say(place, bob, "somebody else");
    }
  }
  const second = await house.serve();
  await soon(() => places.every((place) => texts(place).some((text) => text.endsWith(" 3"))));
  server.say(general, ada, `${mention} live`);
  await soon(() => texts(general).includes("echo: live"));
  await stop(second);
  for (const place of places) {
    const missed = texts(place).filter((text) => / \d$/u.test(text));
    expect(missed).toEqual([1, 2, 3].map((count) => `echo: ${place.name ?? "private"} ${count}`));
  }
  // Another start has nothing left to say.
  const before = places.map((place) => texts(place).length);
  const third = await house.serve();
  server.say(direct, ada, "done");
  await soon(() => texts(direct).includes("echo: done"));
  await stop(third);
  expect(places.map((place) => texts(place).length - (place === direct ? 1 : 0))).toEqual(before);
});

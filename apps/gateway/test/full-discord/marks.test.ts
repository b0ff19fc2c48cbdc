import { it } from "vitest";
import { stop } from "../serve.ts";
import { openHouse, soon } from "./house.ts";

it("Many who ask at once in one channel all see their question marked as done, at the rate Discord takes reactions", async () => {
  const house = await openHouse({ access: { allowAll: true }, statusMarks: true });
  const { server, guild, general, texts } = house;
  server.rates.isOn = true;
  const hermes = await house.serve();
  const people = ["Carl", "Dora", "Emil", "Fanny"].map((name) => server.world.addUser(name));
  for (const user of people) guild.members.set(user.id, { user, nick: null, roles: [] });
  const questions = people.map((user) => server.say(general, user, `<@${server.world.bot.id}> ${user.username}?`));
  await soon(() => texts(general).length === people.length);
  await soon(() => questions.every(({ reactions }) => reactions.has("✅") && !reactions.has("👀")));
  await stop(hermes);
});

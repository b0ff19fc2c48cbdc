import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { openHouse } from "./house.ts";

const role = "1001000000000000077";

it("Who has a role that lets in is answered in the server, not in private, and no longer once they lost it", async () => {
  const house = await openHouse({ access: { allow: [], allowRoles: [`<@&${role}>`] } });
  const { server, ada, bob, guild, general, direct, answered, texts } = house;
  const roles = guild.members.get(ada.id)?.roles ?? [];
  roles.push(role);
  const hermes = await house.serve();
  const mention = `<@${server.world.bot.id}>`;
  server.say(general, bob, `${mention} without a role`);
  server.say(direct, ada, "in private");
  server.say(general, ada, `${mention} with a role`);
  expect(await answered(general, 1)).toEqual(["echo: with a role"]);
  roles.pop();
  server.say(general, ada, `${mention} no more`);
  roles.push(role);
  server.say(general, ada, `${mention} again`);
  expect(await answered(general, 2)).toEqual(["echo: with a role", "echo: again"]);
  await stop(hermes);
  expect(texts(direct).filter((text) => text.startsWith("echo:"))).toEqual([]);
});

import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { kill, openHouse, soon } from "./house.ts";

it("A question in a channel is marked there and answered in a thread made from it, which is talked on in without names, also by the next process", async () => {
  const house = await openHouse({ autoThread: true, statusMarks: true });
  const { server, ada, bob, general, answered, texts } = house;
  const first = await house.serve();
  const question = server.say(general, ada, `<@${server.world.bot.id}> how do I make tea?`);
  const thread = { id: question.id };
  expect(await answered(thread, 1)).toEqual(["echo: how do I make tea?"]);
  await soon(() => question.reactions.has("✅") && !question.reactions.has("👀"));
  expect(server.world.channel(thread.id)).toMatchObject({ parent_id: general.id, name: "how do I make tea?" });

  const room = server.world.channel(thread.id);
  server.say(room, ada, `<@${bob.id}> do you know?`);
  const next = server.say(room, ada, "and then?");
  expect(await answered(thread, 2)).toEqual(["echo: how do I make tea?", "echo: and then?"]);
  await soon(() => next.reactions.has("✅"));
  await kill(first);

  server.say(room, ada, "still there?");
  server.say(general, ada, "just talking");
  const second = await house.serve();
  await answered(thread, 3);
  server.say(room, ada, "good");
  await answered(thread, 4);
  await stop(second);
  expect(texts(thread).slice(2)).toEqual(["echo: still there?", "echo: good"]);
  expect(texts(general)).toEqual([]);
  expect(server.http.requestsOf("startThread").length).toBeLessThanOrEqual(2);
});

it("Where the bot may open no thread it answers in the channel, whole", async () => {
  const house = await openHouse({ autoThread: true });
  const { server, ada, general, answered } = house;
  general.lacks.add("threads");
  const hermes = await house.serve();
  server.say(general, ada, `<@${server.world.bot.id}> tea?`);
  expect(await answered(general, 1)).toEqual(["echo: tea?"]);
  await stop(hermes);
});

import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { openHouse, soon } from "./house.ts";

const typed = { id: "1001000000000000301", type: 1 };

it("Slash commands are published once, answered in the chat, and settled in time also while the bot is busy", async () => {
  const house = await openHouse();
  const { server, ada, direct, answered, texts } = house;
  const hermes = await house.serve();
  await soon(() => server.commands.length > 0);
  expect(server.commands.map((command) => (command as { name: string }).name)).toEqual(
    expect.arrayContaining(["help", "new", "status", "stop"]),
  );
  server.say(direct, ada, "write");
  await answered(direct, 1);
  const waiting = server.interact(direct, ada, 2, { ...typed, name: "status" });
  await soon(() => waiting.isTakenBack);
  await soon(() => texts(direct).filter((said) => said.includes("Waiting messages: ")).length === 1);
  await stop(hermes);
  const again = await house.serve();
  server.say(direct, ada, "hello");
  await soon(() => texts(direct).includes("echo: hello"));
  await stop(again);
  expect(server.http.requestsOf("putCommands")).toHaveLength(1);
});

it("A stranger's command is settled in time and answered with nothing", async () => {
  const house = await openHouse();
  const { server, bob, general, texts } = house;
  const hermes = await house.serve();
  const waiting = server.interact(general, bob, 2, { ...typed, name: "status" });
  await soon(() => waiting.isTakenBack);
  await stop(hermes);
  expect(texts(general)).toEqual([]);
});

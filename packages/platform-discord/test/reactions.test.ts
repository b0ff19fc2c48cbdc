import { isPlatformError } from "@hermes/core";
import { RecordingHost } from "@hermes/testkit";
import { expect, test } from "vitest";
import { discord } from "../src/discord.ts";
import { closeAfterEach, closing } from "./closing.ts";
import { startDiscordServer } from "./server.ts";
import { never } from "./town.ts";

closeAfterEach();

test("Reactions that come at once in one channel wait for their turn, and for nothing once it is disconnected", async () => {
  // The library counts in real time.
  const server = await startDiscordServer();
  closing.push(() => server.close());
  server.rates.isOn = true;
  const { token, apiRoot } = server;
  const connection = await discord({ token, apiRoot }).connect(new RecordingHost(), never);
  closing.push(() => connection.disconnect());
  const ada = server.world.addUser("Ada");
  const direct = server.world.direct(ada);
  const messages = Array.from({ length: 4 }, (_, index) => server.say(direct, ada, `tea ${index}`));
  const react = async (messageId: string): Promise<void> =>
    connection.react?.({ platform: "discord", chatId: direct.id, messageId }, "👀", true);

  await Promise.all(messages.map(({ id }) => react(id)));
  expect(messages.every(({ reactions }) => reactions.has("👀"))).toBe(true);
  expect(server.rates.refused.length).toBeLessThanOrEqual(1);

  const many = Array.from({ length: 25 }, () => react(messages[0]?.id ?? "").catch((error: unknown) => error));
  const atOnce = await Promise.all(many.slice(20));
  expect(atOnce.map((error) => isPlatformError(error) && error.failure.kind)).toEqual(Array(5).fill("rate-limited"));
  await connection.disconnect();
  const beganMs = Date.now();
  await Promise.all(many);
  expect(Date.now() - beganMs).toBeLessThan(1000);
});

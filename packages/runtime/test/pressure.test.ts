import { expect, it } from "vitest";
import { createHeldAgent, startGateway } from "./set-up.ts";

it("Under pressure nothing new is taken, what was taken goes on, and what is offered again afterwards is taken", async () => {
  let pressure: string | undefined;
  const { agent, turns } = createHeldAgent();
  const { gateway, chat } = await startGateway({ agent, pressure: () => pressure });
  await chat.says("first", { eventId: "e1" });
  pressure = "the heap is nearly full";
  await expect(chat.says("second", { eventId: "e2" })).rejects.toThrow("since the heap is nearly full");
  await expect(chat.says("second", { eventId: "e2" })).rejects.toThrow("offer the same events again later");
  expect(gateway.status().pressure).toBe("the heap is nearly full");
  turns[0]?.say("an answer");
  turns[0]?.end();
  await gateway.idle();
  expect(chat.texts()).toEqual(["an answer"]);
  pressure = undefined;
  expect(gateway.status()).not.toHaveProperty("pressure");
  expect(await chat.says("second", { eventId: "e2" })).toBe("stored");
  await gateway.stop();
});

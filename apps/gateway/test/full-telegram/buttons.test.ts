import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { ada, bob, sentTo, showingHouse, type Message } from "./house.ts";

const group = -1005;

/** What a button of that label sends back. */
function buttonOf(message: Message | undefined, label: string): string {
  const button = message?.reply_markup?.inline_keyboard.flat().find(({ text }) => text === label);
  return button !== undefined && "callback_data" in button ? button.callback_data : expect.unreachable(`no button ${label}`);
}

it("A question in a group is answered by the button of whoever was asked alone, also after the process was killed", async () => {
  const { api, serve } = await showingHouse((server) => {
    server.addChat({ id: group, type: "supergroup", title: "Travellers" });
  });
  const first = await serve();
  api.say("@hermes_test_bot ask", { chat: group, from: ada });
  await api.until(() => sentTo(api, group).length === 1);
  const [question] = sentTo(api, group);
  if (question === undefined) return expect.unreachable();
  api.press(question, buttonOf(question, "By boat"), bob);
  await api.until(() => api.answeredCallbacks.length === 1);
  expect(api.answeredCallbacks[0]).toMatchObject({ text: "Somebody else was asked this." });
  first.process.kill("SIGKILL");
  await first.ended();

  const second = await serve();
  api.press(question, buttonOf(question, "By train"), ada);
  await api.until(() => sentTo(api, group).length === 2 && api.callsOf("editMessageText").length > 0);
  await api.until(() => api.answeredCallbacks.length === 2);
  expect(sentTo(api, group).map(({ text }) => text)).toEqual(["How shall we go?\n\n➡️ By train", "chosen: train"]);
  expect(sentTo(api, group)[0]?.reply_markup).toBeUndefined();
  // Whoever presses what they still see is told that it is over.
  api.press(question, buttonOf(question, "By boat"), ada);
  await api.until(() => api.answeredCallbacks.length === 3);
  expect(api.answeredCallbacks[2]).toMatchObject({ text: "This question is not open any more." });
  await stop(second);
  expect(sentTo(api, group)).toHaveLength(2);
  expect(api.violations).toEqual([]);
});

import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { slackHouse } from "./house.ts";

/** A socket that is dropped while it opens is tried again after seconds, and each room takes one message a second. */
const longestMs = 28_000;
const rooms = Array.from({ length: 10 }, (_, index) => `T0ONE/D0ROOM${index}`);

it(
  "Fifty messages at once, while Slack closes one socket after the other, are answered each once and in order",
  async () => {
    const house = await slackHouse({
      prepare({ world, ada, bot }) {
        for (const room of rooms) world.addChannel("T0ONE", room.split("/")[1] ?? "", "", [ada, bot.userId]);
      },
    });
    const { slack, texts, until } = house;
    const { hermes } = await house.serve();
    for (let round = 0; round < 5; round += 1) {
      for (const chat of rooms) slack.say({ chat, text: `question ${round}` });
      if (round % 2 === 1) continue;
      const before = new Set(slack.deliveries.sockets);
      slack.deliveries.write({ type: "disconnect", reason: round === 0 ? "warning" : "refresh_requested", debug_info: {} });
      // Slack does not wait for ever before it closes the old one.
      if (round === 4) slack.deliveries.sockets[0]?.drop();
      await until(() => slack.deliveries.sockets.some((socket) => !before.has(socket)), "another socket");
    }
    const echoes = (chat: string): readonly string[] => texts(chat).flatMap((text) => text.match(/question \d/gu) ?? []);
    await until(() => rooms.every((chat) => echoes(chat).length >= 5), "all answers");
    await until(() => slack.deliveries.waiting === 0, "everything acknowledged");
    await stop(hermes);
    for (const chat of rooms) expect(echoes(chat)).toEqual([0, 1, 2, 3, 4].map((round) => `question ${round}`));
  },
  longestMs,
);

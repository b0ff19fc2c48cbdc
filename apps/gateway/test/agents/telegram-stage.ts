import { onTestFinished } from "vitest";
import { standingIn } from "../../../../packages/platform-telegram/test/harness/standing.ts";
import { person, startBotApiServer, type BotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import type { Person, Place, Stage } from "./stage.ts";

const token = "123456:FAKE-TOKEN-FOR-TESTS";
const group = -1_001_000_000_001;
const people = { ada: person(42, "Ada"), bob: person(7, "Bob") } as const;

/** Telegram on loopback with Ada and Bob; `prepare` is done to the server before anybody calls it. */
export interface TelegramStage extends Stage {
  readonly api: BotApiServer;
}

/** Opens it; it is closed when the test ends. */
export async function telegramStage(): Promise<TelegramStage> {
  const api = await startBotApiServer({ token });
  onTestFinished(() => api.close());
  api.addChat({ id: people.ada.id, type: "private", first_name: "Ada" });
  api.addChat({ id: group, type: "supergroup", title: "Travellers" });
  const chatOf = (place: Place, by: Person): number => (place === "direct" ? people[by].id : group);
  return {
    name: "telegram",
    api,
    ada: `telegram:${people.ada.id}`,
    direct: `telegram:${people.ada.id}`,
    secrets: [token],
    section: {
      token,
      apiRoot: api.apiRoot,
      access: { allow: Object.values(people).map(({ id }) => String(id)) },
      burst: { windowMs: 0, splitWindowMs: 0 },
    },
    join: () => api.until(() => api.updates.polling),
    async says(text, { by = "ada", in: place = "direct", file } = {}) {
      const chat = api.world.find(chatOf(place, by)).chat;
      const words = place === "group" && !text.startsWith("/") ? `@${api.bot.username} ${text}` : text;
      const where = { chat, from: people[by] };
      if (file === undefined) api.say(words, where);
      else api.sayFile(file.mimeType.startsWith("image/") ? "photo" : "document", file, { ...where, extra: { caption: words } });
    },
    standing: async (place = "direct") =>
      standingIn(api, {
        ref: { platform: "telegram", chatId: String(chatOf(place, "ada")) },
        type: place === "direct" ? "dm" : "group",
      })
        .filter(({ by }) => by === "bot")
        .map(({ text, buttons = [], files = [] }) => ({ text, buttons, files })),
    async presses(label, { by = "ada", in: place = "direct" } = {}) {
      const messages = [...api.world.find(chatOf(place, "ada")).messages.values()].toReversed();
      for (const message of messages) {
        const button = message.reply_markup?.inline_keyboard.flat().find(({ text }) => text === label);
        if (button !== undefined && "callback_data" in button) return void api.press(message, button.callback_data, people[by]);
      }
      throw new Error(`Nowhere is there a button ${label}`);
    },
    told: () => api.answeredCallbacks.flatMap(({ text }) => (typeof text === "string" ? [text] : [])),
  };
}

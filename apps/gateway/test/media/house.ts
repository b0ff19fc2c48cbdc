import { onTestFinished } from "vitest";
import { startModelServer, type ModelServer } from "../../../../packages/agent-ai/test/server.ts";
import { startMediaServer, type MediaServer, type MediaServerOptions } from "../../../../packages/media/test/server.ts";
import { person, startBotApiServer, type BotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { startHermes, type Hermes } from "../cli/hermes.ts";
import { anyPort } from "../serve.ts";
import { temporaryHome } from "../temporary-home.ts";

export const ada = person(42, "Ada");
const token = "123456:FAKE-TOKEN-FOR-TESTS";

/** A home with a model that answers on Telegram, and a service that hears and sees for it. */
export interface MediaHouse {
  readonly api: BotApiServer;
  readonly model: ModelServer;
  readonly media: MediaServer;
  /** What the model was told last, each message as text. */
  readonly told: () => string;
  readonly serve: () => Promise<Hermes>;
}

/** Opens one; `section`: the keys below `media`, given the service's address. */
export async function mediaHouse(
  section: (baseUrl: string) => Readonly<Record<string, unknown>> | undefined,
  options: MediaServerOptions = {},
): Promise<MediaHouse> {
  const [api, model, media] = await Promise.all([startBotApiServer({ token }), startModelServer(), startMediaServer(options)]);
  for (const server of [api, model, media]) onTestFinished(() => server.close());
  const written = section(media.baseUrl);
  const configuration = {
    agents: { main: { use: "ai", model: "test:model", providers: { test: { baseUrl: model.baseUrl, apiKey: "key" } } } },
    platforms: { telegram: { apiRoot: api.apiRoot, access: { allow: [ada.id] }, burst: { windowMs: 50 } } },
    ...(written === undefined ? {} : { media: written }),
  };
  // JSON is YAML.
  const lines = Object.entries(configuration).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  const home = await temporaryHome({
    "config.yaml": `${anyPort}${lines.join("")}`,
    ".env": `TELEGRAM_BOT_TOKEN=${token}\nSPEECH_KEY=sk-for-tests-of-media\n`,
  });
  return {
    api,
    model,
    media,
    told: () => JSON.stringify(model.requests.at(-1)?.body["messages"]),
    async serve() {
      const hermes = startHermes(["gateway", "run"], { home });
      await hermes.errorLine(/Connected as/u);
      return hermes;
    },
  };
}

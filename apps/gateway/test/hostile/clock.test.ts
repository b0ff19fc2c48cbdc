import { expect, it } from "vitest";
import { startBotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { anyPort, serveHome, stop } from "../serve.ts";
import { temporaryHome } from "../temporary-home.ts";

const ada = 42;
const hourMs = 60 * 60_000;
const jumpsMs = [-hourMs, 24 * hourMs, -2 * hourMs];

it("A conversation goes on within a second after the machine's clock was set back by an hour and forward by a day", async () => {
  await using api = await startBotApiServer();
  const home = await temporaryHome({
    "config.yaml": `${anyPort}platforms: { telegram: { apiRoot: "${api.apiRoot}", access: { allow: [${ada}] } } }\n`,
  });
  const { hermes } = await serveHome(home, {
    TELEGRAM_BOT_TOKEN: api.token,
    NODE_OPTIONS: `--import=${new URL("jumping-clock.ts", import.meta.url).href}`,
    CLOCK_JUMPS_MS: jumpsMs.join(","),
  });
  const converse = async (text: string): Promise<number> => {
    const askedAtMs = performance.now();
    api.say(text);
    await api.until(() => api.texts(ada, "bot").includes(`echo: ${text}`));
    return performance.now() - askedAtMs;
  };
  await converse("before");
  for (const jumpMs of jumpsMs) {
    // An answer that waits for its moment while the clock is set.
    api.fail("sendMessage", { type: "rate-limit", retryAfter: 1 });
    const sends = api.callsOf("sendMessage").length;
    const waiting = converse(`during ${jumpMs}`);
    await api.until(() => api.callsOf("sendMessage").length > sends);
    hermes.process.kill("SIGUSR2");
    await hermes.errorLine(new RegExp(`The clock was set by ${jumpMs} ms`, "u"));
    expect(await waiting).toBeLessThan(2500);
    expect(await converse(`after ${jumpMs}`)).toBeLessThan(1000);
  }
  expect(new Set(api.texts(ada, "bot")).size).toBe(api.texts(ada, "bot").length);
  await stop(hermes);
});

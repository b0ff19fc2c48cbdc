import { expect, it } from "vitest";
import { startBotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { anyPort, serveHome, stop } from "../serve.ts";
import { temporaryHome } from "../temporary-home.ts";
import { token, untilReasons } from "./readiness.ts";

const ada = 42;
const heapMb = 160;

it("A gateway whose heap is nearly full takes nothing new, says so once, goes on with what it has, and takes it when there is room", async () => {
  await using api = await startBotApiServer({ validate: false });
  const home = await temporaryHome({
    "config.yaml": `${anyPort}platforms: { telegram: { apiRoot: "${api.apiRoot}", access: { allow: [${ada}] } } }\n`,
  });
  const { hermes, url } = await serveHome(home, {
    TELEGRAM_BOT_TOKEN: api.token,
    HERMES_TOKEN: token,
    NODE_OPTIONS: `--import=${new URL("hungry.ts", import.meta.url).href} --max-old-space-size=${heapMb}`,
    HUNGRY_UP_TO_BYTES: String(heapMb * 1024 * 1024 * 0.9),
  });
  await api.until(() => api.updates.polling);
  api.fail("sendMessage", { type: "rate-limit", retryAfter: 3 });
  api.say("before");
  await api.until(() => api.callsOf("sendMessage").length > 0);
  hermes.process.kill("SIGUSR2");
  await untilReasons(url, (now) => now.includes("the heap is nearly full"));
  api.say("meanwhile");
  const refused = await fetch(`${url}/rpc`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: '{"jsonrpc":"2.0","id":1,"method":"chat.send","params":{"text":"hello"}}',
  });
  expect(await refused.json()).toMatchObject({ error: { data: { kind: "unavailable" } } });
  await api.until(() => api.texts(ada, "bot").length > 0);
  expect(api.texts(ada, "bot")).toEqual(["echo: before"]);
  expect(api.updates.pending).toHaveLength(1);
  hermes.process.kill("SIGUSR2");
  await api.until(() => api.texts(ada, "bot").length > 1);
  expect(api.texts(ada, "bot")).toEqual(["echo: before", "echo: meanwhile"]);
  await untilReasons(url, (now) => now.length === 0);
  await stop(hermes);
  expect(hermes.errors().match(/Nothing new is taken/gu)).toHaveLength(1);
  expect(hermes.errors().match(/There is memory again/gu)).toHaveLength(1);
});

import { expect, it, onTestFinished } from "vitest";
import { startModelServer } from "../../../../packages/agent-ai/test/server.ts";
import { startHermes } from "../cli/hermes.ts";
import { anyPort } from "../serve.ts";
import { temporaryHome } from "../temporary-home.ts";

it("A question in the terminal is answered to its end by a model, where no gateway serves the home", async () => {
  const server = await startModelServer({ script: [{ text: ["Hello ", "there, ", "Ada."] }] });
  onTestFinished(() => server.close());
  const agents = `agents: { main: { use: ai, model: "local:model", providers: { local: { baseUrl: "${server.baseUrl}", apiKey: key } } } }`;
  const home = await temporaryHome({ "config.yaml": `${anyPort}${agents}\n` });
  const hermes = startHermes(["chat", "hello"], { home });
  expect(await hermes.ended()).toBe(0);
  expect(hermes.output()).toBe("Hello there, Ada.");
  expect(hermes.errors()).toBe("");
});

import { text } from "@hermes/core";
import { discord } from "@hermes/platform-discord";
import { createGateway, createMemoryStore } from "@hermes/runtime";
import { expect, it, onTestFinished } from "vitest";
import { startDiscordServer } from "../../../../packages/platform-discord/test/server.ts";
import { soon } from "./house.ts";

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

it("A command is settled within three seconds also while the store takes nothing, and answered once it does", async () => {
  const server = await startDiscordServer();
  const store = createMemoryStore();
  const acceptEvents = store.acceptEvents.bind(store);
  let release = (): void => undefined;
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  const gateway = createGateway({
    platforms: [discord({ token: server.token, apiRoot: server.apiRoot })],
    agent: async function* () {
      yield text("never");
    },
    access: { allowAll: true },
    store: Object.assign(store, {
      acceptEvents: async (batch: Parameters<typeof acceptEvents>[0]) => {
        if (batch.intakes.length > 0) await isReleased;
        return await acceptEvents(batch);
      },
    }),
    logger: quiet,
  });
  onTestFinished(async () => {
    await gateway.stop();
    await server.close();
  });
  await gateway.start();
  await server.until(() => server.gateway.connected > 0);
  const ada = server.world.addUser("Ada");
  const direct = server.world.direct(ada);
  const waiting = server.interact(direct, ada, 2, { id: "1001000000000000301", type: 1, name: "status" });
  await soon(() => waiting.isTakenBack);
  expect(server.world.in(direct.id)).toEqual([]);
  release();
  await soon(() => server.world.in(direct.id).some(({ content }) => content.includes("Waiting messages: ")));
  expect(server.http.requestsOf("answerInteraction")).toHaveLength(1);
});

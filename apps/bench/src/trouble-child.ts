// Started by the trouble benchmark: a gateway with several bots, a file, and an agent that writes as quickly as a model does.
import { serve } from "@hono/node-server";
import { text, type AgentFunction } from "@hermes/core";
import { telegram } from "@hermes/platform-telegram";
import { createGateway } from "@hermes/runtime";
import { openSqliteStore } from "@hermes/store/sqlite";
import { answerPieces, quick, think } from "./trouble/model.ts";
import { gatewaySetUp, tellAddress } from "./trouble/set-up.ts";

const { databasePath, webhookSecret, bots } = gatewaySetUp();
/** All chats are to be answered at the same time, and none to wait for its turn. */
const maxTurns = 1000;

const model: AgentFunction = async function* (turn) {
  const question = turn.input[0].text;
  if (question.startsWith(quick)) return yield text(`echo: ${question}`);
  for (const piece of answerPieces(question)) {
    yield text(piece);
    await think();
  }
};

const gateway = createGateway({
  platforms: bots.map(({ id, token, apiRoot, mode }) =>
    telegram({
      id,
      token,
      apiRoot,
      mode,
      drafts: false,
      pace: "none",
      ...(mode === "webhook" ? { webhook: { secret: webhookSecret } } : {}),
    }),
  ),
  agent: model,
  access: { allowAll: true },
  limits: { maxTurns },
  // Waiting for more of a message would be the same for everybody, and hide what is measured.
  bursts: Object.fromEntries(bots.map(({ id }) => [id, false] as const)),
  store: await openSqliteStore({ path: databasePath }),
});
await gateway.start();
process.on("SIGTERM", () => {
  // Nobody waits for anything any more.
  void gateway.stop().then(() => process.exit(0));
});

serve({ fetch: (request) => gateway.fetch(request), hostname: "127.0.0.1", port: 0 }, tellAddress);

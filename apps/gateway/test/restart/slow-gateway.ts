// `hermes gateway run` with an agent that takes its time, for tests of how a gateway ends.
import type { AgentEvent, Turn } from "@hermes/core";
import { text } from "@hermes/core";
import { runGateway } from "../../src/cli/gateway-run.ts";

/**
 * `count 20` says twenty numbers, ten a second, and after a crash or a restart goes on by starting over; `die` ends the process without
 * a word; anything else is echoed.
 */
async function* answer(turn: Turn): AsyncGenerator<AgentEvent> {
  const [{ text: said }] = turn.input;
  const [what, number = "0"] = said.split(" ");
  if (what === "die") process.kill(process.pid, "SIGKILL");
  if (what !== "count") return yield text(`echo: ${said}`);
  for (let count = 1; count <= Number(number); count += 1) {
    yield text(`${count} `);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  yield text("done");
}

await runGateway(answer);

// `hermes gateway run` with an agent that writes at length, works with tools and asks, for tests of the whole way to Slack.
import type { AgentEvent, Turn } from "@hermes/core";
import { text } from "@hermes/core";
import { askTheWay } from "../ask-the-way.ts";
import { runGateway } from "../../src/cli/gateway-run.ts";
import { longText, story } from "./long-text.ts";

async function* answer(turn: Turn): AsyncGenerator<AgentEvent> {
  const [{ text: said }] = turn.input;
  switch (said) {
    case "write":
      return yield* inPieces(longText, turn.signal, 110);
    case "tell":
      return yield* inPieces(story, turn.signal);
    case "work":
      yield { type: "tool-start", callId: "1", title: "Reading the almanac", effect: "none" };
      await passing(600);
      yield { type: "tool-end", callId: "1", outcome: "done" };
      return yield* inPieces("The almanac says that it rains.", turn.signal);
    case "ask":
      return yield text(`chosen: ${await askTheWay(turn)}`);
    default:
      return yield text(turn.input.map((input) => `echo: ${input.text}`).join("\n\n"));
  }
}

/** In forty pieces. */
async function* inPieces(whole: string, signal: AbortSignal, pauseMs = 50): AsyncGenerator<AgentEvent> {
  const step = Math.ceil(whole.length / 40);
  for (let from = 0; from < whole.length && !signal.aborted; from += step) {
    yield text(whole.slice(from, from + step));
    await passing(pauseMs);
  }
}

function passing(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

await runGateway(answer);

import { text, type AgentFunction } from "@hermes/core";

/** The agent that needs nothing: it says what was said to it. Shows that everything round an agent works. */
export const echo: AgentFunction = async function* (turn) {
  yield text(`echo: ${turn.input.map((input) => input.text).join("\n")}`);
};

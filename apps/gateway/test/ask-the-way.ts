import type { Turn } from "@hermes/core";

/** An agent's question with two buttons; answers what was chosen. */
export async function askTheWay(turn: Turn): Promise<string> {
  const options = [
    { id: "train", label: "By train" },
    { id: "boat", label: "By boat" },
  ];
  const answer = await turn.ask({
    key: "way",
    kind: "choice",
    prompt: "How shall we go?",
    options,
    expiresAfterMs: 600_000,
    onExpiry: "train",
  });
  return "by" in answer ? (answer.option ?? answer.text ?? "nothing") : "nothing";
}

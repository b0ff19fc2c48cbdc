import type { AgentEvent, AgentTask, Turn } from "@hermes/core";
import type { AiParts } from "../ai-parts.ts";
import { compress } from "../context/compress.ts";
import { answerStep } from "../step/answer-step.ts";
import { askSources } from "./ask-sources.ts";
import { chosenModel, chosenReasoning, modelsFor } from "./chosen.ts";
import { readConversation, userEntry } from "./start-conversation.ts";
import { systemPrompt } from "./system-prompt.ts";
import { TurnPrompt } from "./turn-prompt.ts";

/** Does what is wanted of a run beside an answer. */
export async function* runTask(task: AgentTask, turn: Turn, signal: AbortSignal, parts: AiParts): AsyncGenerator<AgentEvent> {
  switch (task.kind) {
    case "compress":
      yield* runCompress(task.focus, turn, signal, parts);
      return;
    case "aside":
      yield* runAside(turn, signal, parts);
  }
}

async function* runCompress(
  focus: string | undefined,
  turn: Turn,
  signal: AbortSignal,
  parts: AiParts,
): AsyncGenerator<AgentEvent> {
  const conversation = await readConversation(turn, parts);
  await askSources(parts.sources, (source) => source.flush?.(turn), { signal, logger: parts.host.logger });
  const model = chosenModel(turn.chosen, parts.configuration);
  const result = yield* compress({ turnId: turn.id, conversation, model, focus, signal }, parts);
  if (result === "nothing") yield { type: "notice", text: "There is nothing to compress: all of it is new." };
  if (result === "failed")
    yield { type: "notice", text: `${model} could not compress the conversation: it stays as it is. Try again later.` };
}

/** Answers out of what was said, without tools; nothing of it is stored. */
async function* runAside(turn: Turn, signal: AbortSignal, parts: AiParts): AsyncGenerator<AgentEvent> {
  const conversation = await readConversation(turn, parts);
  conversation.add(await userEntry(turn, turn.input, parts));
  const system = await systemPrompt(turn, [], parts);
  const prompt = new TurnPrompt(parts, { sessionId: turn.session.id, conversation, system, tools: [] });
  const answer = yield* answerStep(
    {
      turnId: turn.id,
      conversation,
      chain: modelsFor(turn, parts.configuration),
      tools: [],
      reasoning: chosenReasoning(turn, parts.configuration),
      signal,
      said: "",
      prompt: (model) => prompt.for(model),
      canAnswer: (model) => prompt.fits(model),
    },
    parts,
  );
  if (answer.kind === "too-long")
    yield { type: "notice", text: "This conversation is too long for the model. Shorten it with /compress." };
}

import type { AgentEvent, Input, Turn } from "@hermes/core";
import type { AiParts } from "../ai-parts.ts";
import { readCall } from "../calls/read-call.ts";
import { runCalls } from "../calls/run-calls.ts";
import { compress } from "../context/compress.ts";
import { answerStep, type StepAnswer } from "../step/answer-step.ts";
import type { Conversation } from "../transcript/conversation.ts";
import { askSources } from "./ask-sources.ts";
import { chosenReasoning, modelsFor } from "./chosen.ts";
import { collectTools, type TurnTools } from "./collect-tools.ts";
import { startConversation, userEntry, type LeftCall } from "./start-conversation.ts";
import { systemPrompt } from "./system-prompt.ts";
import { setsFor } from "./tool-sets.ts";
import { TurnPrompt } from "./turn-prompt.ts";

const defaultMaxSteps = 90;
/** Of one answer; nothing that makes sense needs more. */
const maxCalls = 64;

/** Answers a turn: asks the model, makes the calls it wants, and asks it again with what came of them, until it wants none. */
export async function* runTurn(turn: Turn, signal: AbortSignal, parts: AiParts): AsyncGenerator<AgentEvent> {
  const { conversation, said, isAnswered, left } = await startConversation(turn, parts);
  if (isAnswered) return;
  yield checkpoint(conversation);
  const run = await TurnLoop.start({ turn, signal, parts, conversation, said, left });
  yield* run.steps();
}

interface LoopOptions {
  readonly turn: Turn;
  readonly signal: AbortSignal;
  readonly parts: AiParts;
  readonly conversation: Conversation;
  readonly said: string;
  readonly left: readonly LeftCall[];
}

class TurnLoop {
  readonly #options: LoopOptions;
  readonly #tools: TurnTools;
  readonly #prompt: TurnPrompt;
  readonly #chain;
  /** The sets that everybody who spoke in this turn has: whoever joins in takes nothing out of another's hands. */
  #sets: readonly string[];
  #said: string;
  #mayCompress = true;

  private constructor(
    options: LoopOptions,
    fixed: { readonly sets: readonly string[]; readonly tools: TurnTools; readonly system: string },
  ) {
    const { turn, parts, conversation, said } = options;
    this.#options = options;
    this.#sets = fixed.sets;
    this.#tools = fixed.tools;
    this.#said = said;
    this.#chain = modelsFor(turn, parts.configuration);
    this.#prompt = new TurnPrompt(parts, {
      sessionId: turn.session.id,
      conversation,
      system: fixed.system,
      tools: fixed.tools.told,
    });
  }

  static async start(options: LoopOptions): Promise<TurnLoop> {
    const { turn, signal, parts } = options;
    const { configuration, host } = parts;
    const sets = commonSets(turn.input.map(({ author }) => setsFor(turn.chat, author.id, configuration)));
    const tools = await collectTools(parts.sources, sets, { signal, logger: host.logger });
    return new TurnLoop(options, { sets, tools, system: await systemPrompt(turn, sets, parts) });
  }

  async *steps(): AsyncGenerator<AgentEvent> {
    const { turn, conversation, parts, left } = this.#options;
    const maxSteps = parts.configuration.maxSteps ?? defaultMaxSteps;
    if (left.length > 0) yield* this.#make(left);
    const before = conversation.of(turn.id).filter(({ kind }) => kind === "assistant").length;
    for (let step = before; step < maxSteps; step += 1) {
      if (this.#prompt.isNearlyFull(this.#chain.current)) yield* this.#compress();
      let answer = yield* this.#answer();
      if (answer.kind === "too-long" && (yield* this.#compress())) answer = yield* this.#answer();
      if (answer.kind === "too-long") {
        yield { type: "notice", text: tooLong(this.#chain.current) };
        return;
      }
      const calls = answer.kind === "answered" ? answer.calls : [];
      if (answer.kind === "answered") conversation.add(answer.entry);
      if (calls.length > 0 && isSpeaking(answer)) yield { type: "segment-end" };
      yield checkpoint(conversation);
      if (calls.length === 0) return;
      yield* this.#make(calls.map((call) => ({ call })));
    }
    yield { type: "notice", text: `Stopped after ${maxSteps} steps. Say "go on" for more.` };
  }

  async *#answer(): AsyncGenerator<AgentEvent, StepAnswer> {
    const { turn, signal, parts, conversation } = this.#options;
    const said = this.#said;
    this.#said = "";
    return yield* answerStep(
      {
        turnId: turn.id,
        conversation,
        chain: this.#chain,
        tools: this.#tools.told,
        reasoning: chosenReasoning(turn, parts.configuration),
        signal,
        said,
        prompt: (model) => this.#prompt.for(model),
        canAnswer: (model) => this.#prompt.fits(model),
      },
      parts,
    );
  }

  /** Makes the calls of a step, takes in what people said meanwhile, and keeps both. */
  async *#make(calls: readonly LeftCall[]): AsyncGenerator<AgentEvent> {
    const { turn, signal, parts, conversation } = this.#options;
    const open = calls.flatMap(({ call, lost }) => (lost === undefined ? [call] : []));
    const read = open.map((call, index) =>
      index < maxCalls
        ? readCall(call, this.#tools.byName, (set) => this.#sets.includes(set))
        : { ...call, refusal: `Make ${maxCalls} calls at once at most.` },
    );
    const made = yield* runCalls(read, { turn, signal, logger: parts.host.logger });
    const results = calls.flatMap(({ call: { id, name }, lost }) =>
      lost === undefined ? made.filter((result) => result.id === id) : [{ id, name, text: lost, failed: true }],
    );
    conversation.add({ version: 1, kind: "results", turn: turn.id, results });
    await this.#takeSteering();
    yield checkpoint(conversation);
  }

  async #takeSteering(): Promise<void> {
    const { turn, parts, conversation } = this.#options;
    const inputs = await this.#steering();
    if (inputs.length === 0) return;
    const theirs = inputs.map(({ author }) => setsFor(turn.chat, author.id, parts.configuration));
    this.#sets = commonSets([this.#sets, ...theirs]);
    conversation.add(await userEntry(turn, inputs, parts));
  }

  /** What a store that is away does not give now it offers again. */
  async #steering(): Promise<readonly Input[]> {
    const { turn, signal, parts } = this.#options;
    try {
      return await turn.takeSteering();
    } catch (error) {
      signal.throwIfAborted();
      parts.host.logger.warn(`What people said meanwhile could not be taken yet: ${String(error)}`);
      return [];
    }
  }

  /** Once in a turn: what could not be compressed will not be a step later. */
  async *#compress(): AsyncGenerator<AgentEvent, boolean> {
    const { turn, signal, parts, conversation } = this.#options;
    if (!this.#mayCompress) return false;
    await askSources(parts.sources, (source) => source.flush?.(turn), { signal, logger: parts.host.logger });
    const result = yield* compress({ turnId: turn.id, conversation, model: this.#chain.current, signal }, parts);
    this.#mayCompress = result === "done";
    return result === "done";
  }
}

function checkpoint(conversation: Conversation): AgentEvent {
  return { type: "checkpoint", transcript: conversation.takePending() };
}

function commonSets([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  return first.filter((set) => others.every((sets) => sets.includes(set)));
}

function isSpeaking(answer: StepAnswer): boolean {
  return answer.kind === "answered" && answer.entry.parts.some((part) => part.type === "text" && part.text.trim() !== "");
}

function tooLong(model: string): string {
  return `This conversation is too long for ${model}, and could not be shortened. Begin a new one with /new.`;
}

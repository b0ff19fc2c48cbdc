import type { Agent, AgentEvent, AgentFeatures, Json, Question, ToolEffect, Turn } from "@hermes/core";

/** One step of an answer. */
export type AgentStep =
  /** Streamed word by word. */
  | string
  | { readonly reasoning: string }
  | { readonly tool: string; readonly input?: Json; readonly effect?: ToolEffect; readonly failed?: boolean }
  /** Asks, and says what `reply` makes of the answer; undefined for an answer that never came. */
  | { readonly ask: Omit<Question, "onExpiry" | "expiresAfterMs">; readonly reply: (answer: string | undefined) => string }
  | { readonly event: AgentEvent }
  /** Throws. */
  | { readonly fails: string }
  /** Says nothing more until it is stopped. */
  | { readonly hangs: true };

/** What the agent does with a message: steps, or what makes them of the turn. */
export type AgentAnswer = AgentStep | readonly AgentStep[] | ((turn: Turn) => AgentStep | readonly AgentStep[]);

/** How the agent answers. */
export interface ScriptedAgentOptions {
  /** The first whose `when` is in the message answers it. */
  readonly rules?: readonly { readonly when: string | RegExp; readonly answer: AgentAnswer }[];
  /** Without a rule: one after the other, the last again and again. */
  readonly answers?: readonly AgentAnswer[];
  readonly features?: Partial<AgentFeatures>;
}

/** An agent that does what the test says. */
export interface ScriptedAgent extends Agent {
  /** Every turn it was given, oldest first. */
  readonly turns: readonly ScriptedTurn[];
}

/** A turn as the agent saw it. */
export interface ScriptedTurn {
  readonly turn: Turn;
  /** What was said, one line for each message. */
  readonly text: string;
  /** `running` until it ended; `stopped` by whoever aborted it. */
  readonly state: "running" | "finished" | "failed" | "stopped";
}

/** An agent for tests. Without rules and answers it says back what it is told. */
export function createScriptedAgent(options: ScriptedAgentOptions = {}): ScriptedAgent {
  const { rules = [], answers = [], features } = options;
  const turns: { turn: Turn; text: string; state: ScriptedTurn["state"] }[] = [];
  let given = 0;
  const choose = (turn: Turn, text: string): readonly AgentStep[] => {
    const rule = rules.find(({ when }) => (typeof when === "string" ? text.includes(when) : new RegExp(when).test(text)));
    const answer = rule?.answer ?? answers[Math.min(given++, answers.length - 1)] ?? text;
    const steps = typeof answer === "function" ? answer(turn) : answer;
    return isList(steps) ? steps : [steps];
  };
  return {
    features: { steer: false, undo: false, resume: "replay", ...features },
    turns,
    async *run(turn) {
      const text = turn.input.map((input) => input.text).join("\n");
      const seen: (typeof turns)[number] = { turn, text, state: "running" };
      turns.push(seen);
      try {
        for (const [index, step] of choose(turn, text).entries()) yield* play(step, turn, index);
        seen.state = "finished";
      } catch (error) {
        seen.state = turn.signal.aborted ? "stopped" : "failed";
        throw error;
      } finally {
        if (seen.state === "running") seen.state = "stopped";
      }
    },
  };
}

function isList(steps: AgentStep | readonly AgentStep[]): steps is readonly AgentStep[] {
  return Array.isArray(steps);
}

async function* play(step: AgentStep, turn: Turn, index: number): AsyncIterable<AgentEvent> {
  if (typeof step === "string") {
    for (const piece of step.match(/\s*\S+\s*/gu) ?? []) yield { type: "text-delta", text: piece };
  } else if ("reasoning" in step) {
    yield { type: "reasoning-delta", text: step.reasoning };
  } else if ("tool" in step) {
    const callId = `${turn.id}-${index}`;
    const { tool: title, input, effect = "none", failed = false } = step;
    yield { type: "tool-start", callId, title, effect, ...(input === undefined ? {} : { input }) };
    yield { type: "tool-end", callId, outcome: failed ? "failed" : "done" };
  } else if ("ask" in step) {
    const answer = await turn.ask({ ...step.ask, expiresAfterMs: 3_600_000, onExpiry: "No answer came." });
    const said = "by" in answer ? (answer.option ?? answer.text) : undefined;
    yield* play(step.reply(said), turn, index);
  } else if ("event" in step) {
    yield step.event;
  } else if ("fails" in step) {
    throw new Error(step.fails);
  } else {
    await new Promise((_resolve, reject) => {
      const stop = (): void =>
        reject(turn.signal.reason instanceof Error ? turn.signal.reason : new Error(String(turn.signal.reason)));
      if (turn.signal.aborted) stop();
      else turn.signal.addEventListener("abort", stop, { once: true });
    });
  }
}

import type { Agent, AgentEvent, AgentFeatures, AgentFunction, Answer, Clock, Input, Question, Turn } from "@hermes/core";

/**
 * How the simulated agent answers a message. The texts it says hold tokens, so that one can see what became of them.
 *
 * - `steps`: with a checkpoint after each of three steps.
 * - `asks`: asks for a word and waits; `asks-on` talks on meanwhile; `asks-twice` asks for two at once.
 * - `once`: does something that must not happen twice; `once-kept` makes a checkpoint behind it, `once-asks` asks for leave before.
 */
export type SimulatedAnswer =
  | "short"
  | "segments"
  | "long"
  | "slow"
  | "steps"
  | "asks"
  | "asks-on"
  | "asks-twice"
  | "once"
  | "once-kept"
  | "once-asks";

/** What is noted of what the agent does, beyond what it says. */
export interface SimulatedDeeds {
  /** How often something that must not happen twice was done, by the text of its message. */
  readonly done: Map<string, number>;
  /** Turns, in the order they began. */
  readonly turns: string[];
  /** What each question got, by the text of its message. */
  readonly answers: Map<string, Answer[]>;
  /** What each turn was given, at its beginning and while it ran: each text once, in the order it first came. */
  readonly given: Map<string, string[]>;
}

/** How many tokens an answer holds. */
export function piecesOf(how: string): number {
  switch (how) {
    case "segments":
    case "slow":
    case "once":
    case "once-kept":
      return 2;
    case "steps":
    case "asks":
    case "once-asks":
      return 3;
    case "asks-on":
    case "asks-twice":
      return 4;
    case "long":
      return 6;
    case "short":
      return 1;
    default:
      return 0;
  }
}

/** An agent whose answers hold the tokens of what was asked; taken up again, it goes on behind what it knows it has said. */
export function simulatedAgent(
  clock: Clock,
  { resume, steer }: Pick<AgentFeatures, "resume" | "steer">,
  deeds: SimulatedDeeds,
): Agent {
  const run: AgentFunction = async function* (turn) {
    const [how = "", number = ""] = turn.input[0].text.split(" ");
    const said = new Answering(turn, number, clock, deeds);
    // One that only starts over knows nothing of what it was given before.
    if (resume === "replay") deeds.given.delete(turn.id);
    said.note(turn.input);
    if (how.startsWith("asks")) yield* asking(said, how);
    else if (how.startsWith("once")) yield* doing(said, how, resume);
    else yield* talking(said, how);
  };
  return { features: { steer, undo: false, resume }, run };
}

/** One run of the agent: what it says, and what it waits for. */
class Answering {
  readonly turn: Turn;
  readonly deeds: SimulatedDeeds;
  readonly #number: string;
  readonly #clock: Clock;

  constructor(turn: Turn, number: string, clock: Clock, deeds: SimulatedDeeds) {
    this.turn = turn;
    this.deeds = deeds;
    this.#number = number;
    this.#clock = clock;
    if (!deeds.turns.includes(turn.id)) deeds.turns.push(turn.id);
  }

  /** What it says in one place: the token, and in which turn. */
  token(index: number): string {
    return `[${this.#number}.${index}]~${this.deeds.turns.indexOf(this.turn.id)}`;
  }

  *say(index: number, words = "words "): Generator<AgentEvent> {
    const { resume } = this.turn;
    if (resume?.after === "crash" && resume.shown.includes(`[${this.#number}.${index}]`)) return;
    yield { type: "text-delta", text: `${this.token(index)} ${words}\n\n` };
  }

  async ask(index: number, callId?: string): Promise<Answer> {
    const question: Question = {
      key: `${index}`,
      kind: "choice",
      prompt: `${this.token(index)} Shall I?`,
      options: [{ id: "yes", label: "yes" }],
      expiresAfterMs: 60_000,
      onExpiry: "",
      ...(callId === undefined ? {} : { callId }),
    };
    const answer = await this.turn.ask(question);
    const text = this.turn.input[0].text;
    this.deeds.answers.set(text, [...(this.deeds.answers.get(text) ?? []), answer]);
    return answer;
  }

  note(inputs: readonly Input[]): void {
    const given = this.deeds.given.get(this.turn.id) ?? [];
    // Word of a change is no message.
    const messages = inputs.filter(({ change }) => change === undefined);
    const texts = messages.flatMap(({ text }) => text.split("\n")).filter((text) => !given.includes(text));
    this.deeds.given.set(this.turn.id, [...given, ...texts]);
  }

  async listen(): Promise<void> {
    this.note(await this.turn.takeSteering());
  }

  async pause(ms: number): Promise<void> {
    await this.listen();
    await new Promise<void>((resolve) => this.#clock.wakeAt(this.#clock.now() + ms, resolve));
  }
}

async function* talking(said: Answering, how: string): AsyncGenerator<AgentEvent> {
  for (let index = 0; index < piecesOf(how); index += 1) {
    if (how === "slow" && index > 0) await said.pause(3000);
    yield* said.say(index, "words ".repeat(how === "long" ? 10 : 1));
    if (how === "segments") yield { type: "segment-end" };
    if (how === "steps") {
      yield { type: "tool-start", callId: `${index}`, title: "look", effect: "repeatable" };
      await said.pause(700);
      yield { type: "tool-end", callId: `${index}`, outcome: "done" };
      yield { type: "checkpoint", transcript: [index], state: index };
    }
  }
}

async function* asking(said: Answering, how: string): AsyncGenerator<AgentEvent> {
  yield* said.say(0);
  await said.listen();
  const answers = how === "asks-twice" ? Promise.all([said.ask(1), said.ask(2)]) : said.ask(1);
  // Should it be let go while it talks on, nobody is there to hear of it.
  answers.catch(() => undefined);
  if (how === "asks-on") yield* said.say(2);
  await answers;
  yield* said.say(piecesOf(how) - 1);
}

async function* doing(said: Answering, how: string, features: AgentFeatures["resume"]): AsyncGenerator<AgentEvent> {
  const { turn, deeds } = said;
  const { text } = turn.input[0];
  yield* said.say(0);
  // One that only starts over knows nothing of what it kept.
  const isDone = features === "continue" && turn.resume?.after === "crash" && turn.resume.state === "done";
  if (!isDone) {
    const callId = `do ${text}`;
    yield { type: "tool-start", callId, title: "do", effect: "once" };
    if (how === "once-asks") await said.ask(1, callId);
    deeds.done.set(text, (deeds.done.get(text) ?? 0) + 1);
    await said.pause(700);
    yield { type: "tool-end", callId, outcome: "done" };
    if (how === "once-kept") {
      yield { type: "checkpoint", transcript: [text], state: "done" };
      await said.pause(700);
    }
  }
  yield* said.say(piecesOf(how) - 1);
}

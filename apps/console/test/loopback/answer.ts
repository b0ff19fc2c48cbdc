import type { LoopbackConversation, Happening } from "./conversations.ts";
import { chineseAnswer, richAnswer, longAnswer, shortAnswer } from "./texts.ts";

interface AnswerOptions {
  readonly conversation: LoopbackConversation;
  readonly id: string;
  readonly question: string;
  readonly signal: AbortSignal;
  readonly tell: (happening: Happening) => void;
  readonly pause: (delayMs: number) => Promise<void>;
}

/** Answers as an agent would: thoughts, tools, words in small pieces. The question says how: `fail`, `long`, `tools` … */
export async function answer({ id, question, signal, tell, pause }: AnswerOptions): Promise<void> {
  const text = textFor(question);
  const said: string[] = [];
  const done = (outcome: "finished" | "interrupted" | "failed"): void =>
    tell({ type: "chat.done", message_id: id, outcome, text: said.join("\n\n"), timestamp: new Date().toISOString() });
  await pause(120);
  for (const word of "The question is about the database. I should look at the plan before I say anything.".split(" ")) {
    if (signal.aborted) return done("interrupted");
    tell({ type: "chat.reasoning", message_id: id, delta: `${word} ` });
    await pause(12);
  }
  if (/fail/iu.test(question)) {
    tell({ type: "chat.delta", message_id: id, part: 0, delta: "I began, but " });
    said.push("I began, but ");
    await pause(80);
    return done("failed");
  }
  if (/tools|slow|\/status/iu.test(question)) await useTools(id, tell, pause);
  const pieces = text.match(/[\s\S]{1,14}/gu) ?? [];
  said.push("");
  for (const delta of pieces) {
    if (signal.aborted) return done("interrupted");
    said[0] += delta;
    tell({ type: "chat.delta", message_id: id, part: 0, delta });
    await pause(/slow/iu.test(question) ? 60 : 6);
  }
  done("finished");
}

async function useTools(id: string, tell: AnswerOptions["tell"], pause: AnswerOptions["pause"]): Promise<void> {
  const tools = [
    ["Reading packages/store/schema.ts", "214 lines", "done"],
    ["Running EXPLAIN QUERY PLAN", "3 steps, one full scan of 3 981 220 rows", "done"],
    ["Searching the issue tracker", "The tracker did not answer within 10 s", "failed"],
  ] as const;
  for (const [index, [title, summary, state]] of tools.entries()) {
    const call_id = `call-${index}`;
    tell({ type: "chat.step", message_id: id, after_part: 0, step: { call_id, title, state: "running" } });
    await pause(250);
    tell({ type: "chat.step", message_id: id, after_part: 0, step: { call_id, title, state, summary } });
  }
}

function textFor(question: string): string {
  if (/[\u4e00-\u9fff]/u.test(question)) return chineseAnswer;
  if (/long/iu.test(question)) return longAnswer;
  return question.length < 24 ? shortAnswer : richAnswer;
}

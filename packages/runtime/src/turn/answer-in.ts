import type { Answer, Question } from "@hermes/core";
import type { ApprovalWords } from "../catalogue/agent-words.ts";
import type { CommandCall } from "../commands/command.ts";

/** What somebody's words answer; undefined where they are no answer but something else they say. */
export function answerIn(text: string, question: Question, by: string, words: ApprovalWords): Answer | undefined {
  const { kind, options = [] } = question;
  const said = text.trim();
  if (said === "") return undefined;
  if (kind === "text" && options.length === 0) return { by, text: said };
  const word = said.toLowerCase();
  const option = options.find(({ id, label }, index) =>
    [id.toLowerCase(), label.toLowerCase(), `${index + 1}`, `${index + 1}.`].includes(word),
  );
  if (option !== undefined) return { by, option: option.id };
  const meant = kind === "approval" ? optionMeant(question, plainAnswer(word.replace(/[.!。！]+$/u, ""), words)) : undefined;
  if (meant !== undefined) return { by, option: meant };
  return kind === "text" ? { by, text: said } : undefined;
}

/** The option that `/approve`, `/approve session`, `/approve always` or `/deny` chooses; undefined where that cannot be meant. */
export function approvedBy({ name, arguments: given }: CommandCall, question: Question): string | undefined {
  if (name === "deny") return optionMeant(question, ["deny"]);
  switch (given.toLowerCase()) {
    case "":
    case "once":
      return optionMeant(question, ["approve"]);
    // What cannot be had for so long is had for as long as it can.
    case "session":
      return optionMeant(question, ["session", "approve"]);
    case "always":
      return optionMeant(question, ["always", "session", "approve"]);
    default:
      return undefined;
  }
}

function plainAnswer(word: string, { yes, no }: ApprovalWords): readonly string[] {
  if (yes.includes(word)) return ["approve"];
  return no.includes(word) ? ["deny"] : [];
}

function optionMeant({ options = [] }: Question, wanted: readonly string[]): string | undefined {
  for (const means of wanted) {
    const option = options.find((each) => (each.means ?? each.id) === means);
    if (option !== undefined) return option.id;
  }
  return undefined;
}

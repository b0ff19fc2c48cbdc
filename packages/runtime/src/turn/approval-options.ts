import type { ApprovalOption, Question } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";

interface ApprovalChoice {
  readonly means: ApprovalOption;
  readonly label: string;
}

/**
 * Yes or no, where nothing else is offered for an approval; for longer than once where that can be remembered. What would be for ever is
 * offered to nobody who may not say so, also where it is the agent that would remember it.
 */
export function withOptions(question: Question, { approve, deny, agents }: Catalogue, mayLast: boolean): Question {
  const { approval: words } = agents;
  if (question.kind !== "approval") return question;
  if (question.options !== undefined && question.options.length > 0)
    return mayLast ? question : { ...question, options: question.options.filter(({ means }) => means !== "always") };
  const options: readonly ApprovalChoice[] =
    question.remember === undefined
      ? [
          { means: "approve", label: approve },
          { means: "deny", label: deny },
        ]
      : [
          { means: "approve", label: words.once },
          { means: "session", label: words.session },
          ...(mayLast ? [{ means: "always", label: words.always } as const] : []),
          { means: "deny", label: words.deny },
        ];
  return { ...question, options: options.map((option) => ({ id: option.means, ...option })) };
}

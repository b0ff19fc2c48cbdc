import { InvalidArgumentError, Option, type Command } from "commander";
import type { ChatOptions } from "./chat/run-chat.ts";
import { examples } from "./examples.ts";

const maxHistory = 200;

/** `hermes chat`. */
export function addChatCommand(program: Command): void {
  program
    .command("chat")
    .argument("[message]", "say this, print the answer and end; standard input is not read then")
    .description("talk to the agent in this terminal")
    .addOption(
      new Option(
        "--session <key>",
        "go on with this conversation: a key of `hermes sessions list`, or a name of your own",
      ).conflicts("new"),
    )
    .option("--new", "begin a conversation of its own")
    .addOption(new Option("--history <n>", "earlier messages shown at first").argParser(parseCount).default(4))
    .option("--plain", "line by line, without colours and without redrawing anything")
    .addHelpText(
      "after",
      `
Talks through the gateway that serves this home; where none does, the agent runs here, on the same history.

  Enter                            sends; also while an answer runs
  \\ at the end, Alt-Enter, Ctrl-J  begin a new line; several lines that are pasted stay one message
  Tab                              completes a /command
  Up, Down                         what was entered before
  Ctrl-C                           interrupts the answer; else clears the line; else leaves, at the second time
  Ctrl-D                           leaves

In a pipe all of the input is one message of at most 200,000 characters, and the answer is printed as Markdown while it comes.
NO_COLOR shows everything without colours; TERM=dumb is \`--plain\`.

Exit codes: 0 answered, or left; 75 no whole answer (standard error says why), or nobody to talk to now; 78 wrong usage or configuration.
${examples(
  "hermes chat",
  "hermes chat 'What is new?'",
  "hermes chat < question.txt > answer.md",
  "hermes chat --session holidays",
)}`,
    )
    .action(async (message: string | undefined, options: ChatOptions) => {
      const { runChat } = await import("./chat/run-chat.ts");
      await runChat(message, options);
    });
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d{1,3}$/u.test(text) || count > maxHistory)
    throw new InvalidArgumentError(`It is a whole number from 0 to ${maxHistory}.`);
  return count;
}

import { ReadStream, WriteStream } from "node:tty";
import { systemClock } from "@hermes/core";
import { isRpcError } from "@hermes/protocol";
import { findChatPartner, type ChatPartner } from "../../chat-partner.ts";
import type { Environment } from "../../config/environment.ts";
import { createProcessLog } from "../../log/process-log.ts";
import { createRedactor } from "../../log/redactor.ts";
import { inWords } from "../ledger/ask.ts";
import { loadOwnConfiguration } from "../load.ts";
import { ask, checkLength, readMessage } from "./ask.ts";
import { conversationKey, type ConversationChoice } from "./conversation-key.ts";
import { historyPathOf } from "./history-file.ts";
import { colours, plain } from "./style.ts";
import { talkPlainly } from "./talk-plainly.ts";
import { Talk } from "./talk.ts";
import { openTerminal } from "./terminal.ts";

/** How `hermes chat` is asked for on the command line. */
export interface ChatOptions extends ConversationChoice {
  readonly history: number;
  readonly plain?: true;
}

const keptAliveMs = 60_000;

/** `hermes chat`: a conversation on a terminal, or one message as an argument or in a pipe. */
export async function runChat(message: string | undefined, options: ChatOptions): Promise<void> {
  const sessionKey = conversationKey(options);
  const isTalk = message === undefined && process.stdin.isTTY;
  // Before anybody is looked for: what is too long is refused either way.
  const text = isTalk ? "" : message === undefined ? undefined : checkLength(message.trim());
  const { configuration, environment } = await loadOwnConfiguration();
  const redactor = createRedactor();
  for (const secret of configuration.secrets) redactor.add(secret);
  const log = createProcessLog(environment, redactor);
  // What a gateway tells about itself would stand between question and answer.
  log.setLevel(configuration.settings.logLevel === "debug" ? "debug" : "error");
  const partner = await findChatPartner({
    configuration,
    environment,
    clock: systemClock,
    log,
    conceal: (secret) => redactor.add(secret),
  });
  // A gateway inside this process may wait for nothing but a moment to come, and that keeps no process alive.
  const alive = setInterval(() => undefined, keptAliveMs);
  try {
    const common = { partner, clock: systemClock, random: Math.random, sessionKey };
    if (!isTalk) await askOnce(text, common);
    else await talk(common, options, environment, configuration.home);
  } catch (error) {
    throw isRpcError(error) ? inWords(error) : error;
  } finally {
    await partner.close();
    clearInterval(alive);
  }
}

interface Common {
  readonly partner: ChatPartner;
  readonly clock: typeof systemClock;
  readonly random: () => number;
  readonly sessionKey: string;
}

const write = (text: string): void => void process.stdout.write(text);

async function askOnce(message: string | undefined, common: Common): Promise<void> {
  const text = message ?? (await readMessage(process.stdin));
  if (text.trim() === "") return;
  // A second one ends the process.
  await ask(text, { ...common, write, onInterrupt: (interrupt) => void process.once("SIGINT", interrupt) });
}

async function talk(common: Common, options: ChatOptions, environment: Environment, home: string): Promise<void> {
  const { stdin, stdout } = process;
  const shownMessages = options.history;
  const isDumb = options.plain === true || environment["TERM"] === "dumb";
  if (isDumb || !(stdin instanceof ReadStream) || !(stdout instanceof WriteStream)) {
    const onInterrupt = (interrupt: () => void): void => void process.on("SIGINT", interrupt);
    return await talkPlainly({ ...common, shownMessages, input: stdin, write, onInterrupt });
  }
  await new Talk({
    ...common,
    shownMessages,
    historyPath: historyPathOf(home),
    style: (environment["NO_COLOR"] ?? "") === "" ? colours : plain,
    openTerminal: (events) => openTerminal(stdin, stdout, events),
  }).run();
}

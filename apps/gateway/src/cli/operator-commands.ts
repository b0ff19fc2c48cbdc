import { InvalidArgumentError, Option, type Command } from "commander";
import { examples } from "./examples.ts";
import { parseSpan } from "./operator/parse-span.ts";
import type { SessionListOptions, SessionSearchOptions } from "./operator/run-sessions.ts";

const needsGateway = `
Asks the gateway that serves this home; it has to run.`;
const maxKeepMs = 30 * 24 * 60 * 60_000;

/** What a gateway that runs is looked after by. */
export function addOperatorCommands(program: Command): void {
  addConsole(program);
  addPlatforms(program);
  addSessions(program);
  addToken(program);
}

function addConsole(program: Command): void {
  program
    .command("console")
    .description("print a fresh link that signs a browser in")
    .addHelpText(
      "after",
      `${needsGateway} The link works once and soon ends; it is all of the output.
${examples("hermes console", 'xdg-open "$(hermes console)"')}`,
    )
    .action(async () => {
      const { printSignInLink } = await import("./operator/run-console.ts");
      await printSignInLink();
    });
}

function addPlatforms(program: Command): void {
  const platforms = program
    .command("platform")
    .description("check and look at the platforms, disconnect one for a while and connect it again")
    .addHelpText("after", examples("hermes platform check", "hermes platform list", "hermes platform pause telegram"));
  addPlatformCheck(platforms);
  platforms
    .command("list")
    .description("list the platforms and how each of them is")
    .addOption(json())
    .addHelpText("after", `${needsGateway}\n${examples("hermes platform list", "hermes platform list --json")}`)
    .action(async (options: { readonly json?: true }) => {
      const { listPlatforms } = await import("./operator/run-platforms.ts");
      await listPlatforms(options);
    });
  const change = (what: "pause" | "resume", description: string): void => {
    platforms
      .command(what)
      .argument("<id>", "the platform's id, as the list shows it")
      .description(description)
      .addHelpText("after", `${needsGateway}\n${examples(`hermes platform ${what} telegram`)}`)
      .action(async (id: string) => {
        const { changePlatform } = await import("./operator/run-platforms.ts");
        await changePlatform(what, id);
      });
  };
  change("pause", "disconnect a platform until it is resumed, also over a restart; what is to be said there waits");
  change("resume", "connect a paused platform again, and try one that waits, is left alone or has failed at once");
}

function addPlatformCheck(platforms: Command): void {
  platforms
    .command("check")
    .argument("[id]", "one platform of the configuration; default: all of them")
    .description("ask each configured platform whether its credentials and its set-up are right")
    .addOption(json())
    .addHelpText(
      "after",
      `
Calls the platforms with what is configured; no gateway needs to run, and one that does is not disturbed.
Exit codes: 0 all is well, 1 a platform would not work, 78 wrong usage or configuration.
${examples("hermes platform check", "hermes platform check telegram", "hermes platform check --json")}`,
    )
    .action(async (id: string | undefined, options: { readonly json?: true }) => {
      const { checkConfiguredPlatforms } = await import("./operator/run-platform-check.ts");
      await checkConfiguredPlatforms(id, options);
    });
}

function addSessions(program: Command): void {
  const sessions = program
    .command("sessions")
    .description("look at conversations, find what was said, and delete one")
    .addHelpText(
      "after",
      examples("hermes sessions list", "hermes sessions search 'train to Lyon'", "hermes sessions delete <key>"),
    );
  sessions
    .command("list")
    .description("list conversations, the ones with the newest message first")
    .option("--platform <id>", "only of this platform")
    .addOption(limit(200, 50))
    .option("--after <place>", "go on behind this one, as the end of a list says")
    .addOption(json())
    .addHelpText(
      "after",
      `${needsGateway}\n${examples("hermes sessions list", "hermes sessions list --platform telegram --limit 100")}`,
    )
    .action(async (options: SessionListOptions) => {
      const { listSessions } = await import("./operator/run-sessions.ts");
      await listSessions(options);
    });
  sessions
    .command("search")
    .argument("<text>", "words or parts of words")
    .description("find what was said, in all conversations or in one; newest first")
    .option("--session <key>", "only in this conversation")
    .addOption(limit(100, 30))
    .addOption(json())
    .addHelpText("after", `${needsGateway}\n${examples("hermes sessions search backup", "hermes sessions search backup --json")}`)
    .action(async (text: string, options: SessionSearchOptions) => {
      const { searchSessions } = await import("./operator/run-sessions.ts");
      await searchSessions(text, options);
    });
  sessions
    .command("delete")
    .argument("<key>", "the conversation's key, as the list shows it")
    .description("delete all that was said in a conversation; not while an answer is on its way")
    .option("--yes", "do not ask")
    .addHelpText("after", `${needsGateway}\n${examples("hermes sessions delete agent:main:web:dm:owner.holidays")}`)
    .action(async (key: string, options: { readonly yes?: true }) => {
      const { deleteSession } = await import("./operator/run-sessions.ts");
      await deleteSession(key, options);
    });
}

function addToken(program: Command): void {
  program
    .command("token")
    .description("look after the token of this home")
    .addHelpText("after", examples("hermes token rotate", "hermes token rotate --keep 24h"))
    .command("rotate")
    .description("make a new token for this home; it is written to its file and never shown")
    .addOption(new Option("--keep <span>", "how long the old one is still good: 30m, 24h, 7d").argParser(parseKeep))
    .addHelpText("after", `${needsGateway}\n${examples("hermes token rotate", "hermes token rotate --keep 24h")}`)
    .action(async (options: { readonly keep?: number }) => {
      const { rotateToken } = await import("./operator/run-token.ts");
      await rotateToken(options);
    });
}

function json(): Option {
  return new Option("--json", "print JSON for scripts");
}

function limit(most: number, usual: number): Option {
  return new Option("--limit <n>", `at most this many (default: ${usual})`).argParser((text) => {
    const count = Number(text);
    if (!/^\d{1,3}$/u.test(text) || count < 1 || count > most)
      throw new InvalidArgumentError(`It is a whole number from 1 to ${most}.`);
    return count;
  });
}

function parseKeep(text: string): number {
  const keepMs = parseSpan(text);
  if (keepMs === undefined || keepMs > maxKeepMs)
    throw new InvalidArgumentError("It is a number with s, m, h or d behind it, at most 30d.");
  return keepMs;
}

import type { Logger as HostLogger } from "@hermes/core";
import type { LogLevel, Logger } from "@slack/bolt";

/** Tokens, tickets of sockets, and addresses that may be answered to. */
const secrets = /\bxox[\w.-]+|\bxapp-[\w-]+|\bwss?:\/\/\S+|https?:\/\/hooks\.\S+/giu;
const maxLength = 300;

/** Where the SDK logs to, at its level `ERROR`: its warnings and errors are the gateway's debug lines, without secrets; what it says besides quotes messages. */
export function quietLogger(logger: HostLogger, level: LogLevel): Logger {
  const note = (...words: readonly unknown[]): void =>
    logger.debug(`Slack's library: ${words.map(shown).join(" ").replaceAll(secrets, "…").slice(0, maxLength)}`);
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: note,
    error: note,
    setLevel: () => undefined,
    getLevel: () => level,
    setName: () => undefined,
  };
}

function shown(word: unknown): string {
  if (word instanceof Error) return word.name;
  return typeof word === "string" ? word : typeof word;
}

import { inspect } from "node:util";
import type { Logger } from "@hermes/core";
import { printable } from "./printable.ts";
import type { Redactor } from "./redactor.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** The gateway's log. */
export interface Log extends Logger {
  /** An error with the way it took, for faults that nobody expected. */
  failure(message: string, error: unknown): void;
  setLevel(level: LogLevel): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Lines for people; otherwise one JSON object per line. */
  readonly human: boolean;
  readonly redactor: Redactor;
  /** Takes one whole line. */
  write(line: string): void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A log that writes what is at or above its level, without secrets and without anything that steers a terminal. */
export function createLog(options: LogOptions): Log {
  let { level: lowest } = options;
  const { redactor, now, human } = options;
  const log = (level: LogLevel, message: string, stack: readonly string[] = []): void => {
    if (ranks[level] < ranks[lowest]) return;
    const entry = { time: new Date(now()).toISOString(), level, message: redactor.redact(message) };
    const frames = stack.map((frame) => redactor.redact(frame));
    options.write(human ? humanLines(entry, frames) : jsonLine(entry, frames));
  };
  return {
    debug: (message) => log("debug", message),
    info: (message) => log("info", message),
    warn: (message) => log("warn", message),
    error: (message) => log("error", message),
    failure(message, error) {
      log("error", `${message}: ${describeError(error)}`, error instanceof Error ? framesOf(error) : []);
    },
    setLevel(level) {
      lowest = level;
    },
  };
}

interface Entry {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
}

function humanLines({ time, level, message }: Entry, frames: readonly string[]): string {
  const lines = [`${time} ${level.padEnd(5)} ${printable(message)}`, ...frames.map((frame) => `    ${printable(frame)}`)];
  return `${lines.join("\n")}\n`;
}

/** JSON escapes the characters below U+0020 itself and leaves the others that steer a terminal. */
function jsonLine(entry: Entry, frames: readonly string[]): string {
  const json = JSON.stringify(frames.length === 0 ? entry : { ...entry, stack: frames });
  const safe = json.replace(
    /[\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${safe}\n`;
}

/** An error and what caused it, as one text. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let current: unknown = error, depth = 0; current !== undefined && depth < 5; depth += 1) {
    parts.push(
      current instanceof Error ? `${current.name}: ${current.message}` : inspect(current, { depth: 2, breakLength: Infinity }),
    );
    current = current instanceof Error ? current.cause : undefined;
  }
  return parts.join(" ← ");
}

function framesOf(error: Error): readonly string[] {
  return (error.stack ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "));
}

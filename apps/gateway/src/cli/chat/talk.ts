import { randomUUID } from "node:crypto";
import type { Clock } from "@hermes/core";
import { maxChatTextLength, type ChatMessage } from "@hermes/protocol";
import type { ChatPartner } from "../../chat-partner.ts";
import { addToHistory, maxHistoryEntries, readHistory } from "./history-file.ts";
import { InputHistory } from "./input-history.ts";
import { InputLine } from "./input-line.ts";
import type { InputView } from "./input-view.ts";
import { KeyReader, type Key } from "./keys.ts";
import { Link } from "./link.ts";
import { Screen } from "./screen.ts";
import type { Style } from "./style.ts";
import type { Terminal, TerminalEvents } from "./terminal.ts";
import { Transcript } from "./transcript.ts";

const frameMs = 25;
const spinnerMs = 100;
const escapeMs = 40;
const quietMs = 1500;
const spinnerSigns = Array.from("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏");
/** Longer lines are hard to read, however wide a terminal is. */
const mostColumns = 120;

export interface TalkParts {
  readonly partner: ChatPartner;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sessionKey: string;
  /** Earlier messages that are shown at first. */
  readonly shownMessages: number;
  readonly historyPath: string;
  readonly style: Style;
  readonly openTerminal: (events: TerminalEvents) => Terminal;
}

/** A conversation on a terminal, until somebody leaves it. */
export class Talk {
  readonly #parts: TalkParts;
  readonly #transcript: Transcript;
  readonly #keys = new KeyReader();
  readonly #link: Link;
  readonly #left = Promise.withResolvers<void>();
  #input = new InputLine(new InputHistory([], maxHistoryEntries));
  #terminal: Terminal | undefined;
  #screen: Screen | undefined;
  #hint = "";
  #isLeaving = false;
  #isStopping = false;
  #lostSinceMs: number | undefined;
  #busySinceMs: number | undefined;
  #frame: NodeJS.Timeout | undefined;
  #escape: NodeJS.Timeout | undefined;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(parts: TalkParts) {
    this.#parts = parts;
    const columns = (): number => Math.min(mostColumns, Math.max(20, (this.#terminal?.columns() ?? 80) - 1));
    this.#transcript = new Transcript({ columns }, parts.style);
    // It may be lost before anybody waits for its end.
    this.#left.promise.catch(() => undefined);
    const { partner, clock, random, sessionKey } = parts;
    this.#link = new Link({
      partner,
      clock,
      random,
      sessionKey,
      onEvent: (event) => {
        this.#transcript.apply(event);
        this.#draw();
      },
      onResume: ({ running }, history) => this.#resume(() => this.#transcript.resume(running, history)),
      onLost: (lost) => {
        this.#lostSinceMs = lost?.sinceMs;
        this.#draw();
      },
      onOver: (error) => this.#left.reject(error),
    });
  }

  /** @throws GatewayError or RpcError when there is nobody to talk to. */
  async run(): Promise<void> {
    const { partner, shownMessages, sessionKey, historyPath } = this.#parts;
    this.#input = new InputLine(new InputHistory(await readHistory(historyPath), maxHistoryEntries));
    const before = await this.#begin(shownMessages, sessionKey);
    // Restored before anything else is said, also where it ends badly.
    try {
      this.#terminal = this.#parts.openTerminal({
        onData: (data) => this.#hear(this.#keys.push(data)),
        onResize: () => {
          this.#screen?.resized();
          this.#draw();
        },
        onGone: (exitCode) => {
          process.exitCode = exitCode;
          this.#left.resolve();
        },
      });
      const { write, columns, rows } = this.#terminal;
      this.#screen = new Screen({ write, columns, rows });
      const greeting = partner.isShared ? "" : "No gateway runs here: the agent answers inside this process.\n";
      write(
        this.#parts.style
          .paint(`${greeting}Ctrl-C interrupts, Ctrl-D leaves, /help lists commands.`, ["dim"])
          .replaceAll("\n", "\r\n"),
      );
      write("\r\n\r\n");
      this.#transcript.recall(before);
      this.#draw();
      await this.#left.promise;
    } finally {
      this.#end();
      await this.#saving;
    }
  }

  async #begin(shownMessages: number, sessionKey: string): Promise<readonly ChatMessage[]> {
    await this.#link.start();
    const client = await this.#link.client();
    this.#input.commands = (await client.call("commands.list")).rows;
    if (shownMessages === 0) return [];
    return (await client.call("chat.history", { session_key: sessionKey, limit: shownMessages })).messages.slice(-shownMessages);
  }

  /** What nobody answered yet may never have arrived, or its answer may have ended meanwhile. */
  #resume(resume: () => void): void {
    resume();
    for (const { key, text } of this.#transcript.unanswered) this.#send(key, text);
    this.#draw();
  }

  #send(key: string, text: string): void {
    const sent = this.#link.send(key, text).then(
      ({ message_id }) => this.#transcript.taken(key, message_id),
      (error: unknown) => this.#transcript.refused(key, `(not sent: ${messageOf(error)})`),
    );
    void sent.then(() => this.#draw());
  }

  #hear(keys: readonly Key[]): void {
    clearTimeout(this.#escape);
    for (const key of keys) this.#press(key);
    if (this.#keys.isWaiting) this.#escape = setTimeout(() => this.#hear(this.#keys.flush()), escapeMs);
    this.#draw(true);
  }

  #press(key: Key): void {
    const isLeaving = this.#isLeaving;
    this.#isLeaving = false;
    this.#hint = "";
    const result = this.#input.press(key);
    switch (result.type) {
      case "edited":
        return;
      case "entered":
        return this.#enter(result.text);
      case "interrupt":
        return this.#interrupt(isLeaving);
      case "end-of-input":
        return this.#left.resolve();
      case "redraw":
        this.#terminal?.write("\u001B[2J\u001B[H");
        return this.#screen?.forget();
      case "suspend":
        this.#screen?.clear();
        return this.#terminal?.suspend(() => this.#draw());
    }
  }

  #enter(text: string): void {
    if (text.length > maxChatTextLength) {
      this.#input.put(text);
      this.#hint = `Too long: ${text.length} of at most ${maxChatTextLength} characters`;
      return;
    }
    const key = randomUUID();
    this.#isStopping = false;
    this.#transcript.say(key, text);
    this.#send(key, text);
    const saved = this.#saving.then(() => addToHistory(this.#parts.historyPath, text));
    this.#saving = saved.catch((error: unknown) => (this.#hint = `What was entered cannot be kept: ${messageOf(error)}`));
  }

  #interrupt(isLeaving: boolean): void {
    if (this.#lostSinceMs !== undefined) return this.#left.resolve();
    if (this.#transcript.isBusy && !this.#isStopping) {
      this.#isStopping = true;
      void this.#link.stop().catch((error: unknown) => {
        this.#hint = messageOf(error);
        this.#draw();
      });
    } else if (!this.#input.isEmpty) this.#input.clear();
    else if (isLeaving) this.#left.resolve();
    else {
      this.#isLeaving = true;
      this.#hint = "Ctrl-C again or Ctrl-D leaves";
    }
  }

  /** Soon: what comes meanwhile is drawn with it. */
  #draw(isUrgent = false): void {
    if (this.#screen === undefined) return;
    if (isUrgent) {
      clearTimeout(this.#frame);
      this.#drawNow();
    } else this.#frame ??= setTimeout(() => this.#drawNow(), frameMs);
  }

  #drawNow(): void {
    this.#frame = undefined;
    const { isBusy } = this.#transcript;
    if (!isBusy) this.#isStopping = false;
    this.#busySinceMs = isBusy ? (this.#busySinceMs ?? this.#parts.clock.now()) : undefined;
    const lines = this.#transcript.take();
    this.#screen?.draw(lines, this.#live());
    // Something turns as long as somebody waits.
    if (isBusy || this.#lostSinceMs !== undefined) this.#frame = setTimeout(() => this.#drawNow(), spinnerMs);
  }

  #live(): InputView {
    const { columns, rows } = { columns: this.#terminal?.columns() ?? 80, rows: this.#terminal?.rows() ?? 24 };
    const input = this.#input.view(columns - 1, rows, this.#parts.style);
    const hint = this.#hint === "" ? [] : [this.#parts.style.paint(`  ${this.#hint}`, ["dim"])];
    const status = this.#status();
    const open = this.#transcript.open(this.#spinner);
    const gap = open.length > 0 || !this.#transcript.isEmpty ? [""] : [];
    const below = [...gap, ...(status === undefined ? [] : [status, ""]), ...input.lines, ...hint];
    const room = Math.max(0, rows - below.length);
    const above = open.slice(Math.max(0, open.length - room));
    const row = above.length + below.length - hint.length - input.lines.length + input.cursor.row;
    return { lines: [...above, ...below], cursor: { row, column: input.cursor.column } };
  }

  get #spinner(): string {
    return spinnerSigns[Math.floor(this.#parts.clock.now() / spinnerMs) % spinnerSigns.length] ?? "";
  }

  #status(): string | undefined {
    const { style, clock } = this.#parts;
    if (this.#lostSinceMs !== undefined) {
      return style.paint(`${this.#spinner} connection lost, reconnecting… · Ctrl-C leaves`, ["note"]);
    }
    if (this.#busySinceMs === undefined) return undefined;
    const passedMs = clock.now() - this.#busySinceMs;
    const doing = this.#isStopping ? "stopping…" : this.#transcript.isThinking ? "thinking…" : "working…";
    const since = passedMs < quietMs ? "" : ` ${Math.floor(passedMs / 1000)} s · Ctrl-C interrupts`;
    return style.paint(`${this.#spinner} ${doing}${since}`, ["dim"]);
  }

  #end(): void {
    clearTimeout(this.#frame);
    clearTimeout(this.#escape);
    this.#screen?.clear();
    this.#screen = undefined;
    this.#terminal?.close();
    // Whoever waited for it has left already.
    this.#left.resolve();
    this.#link.close();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

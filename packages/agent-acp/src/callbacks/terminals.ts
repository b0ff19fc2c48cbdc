import { randomUUID } from "node:crypto";
import type * as acp from "@agentclientprotocol/sdk";
import type { Clock } from "@hermes/core";
import { findProgram } from "../process/find-program.ts";
import { ProcessGroup, type Exit } from "../process/process-group.ts";
import { isSecretName } from "../secrets.ts";
import { unlessAborted } from "../time-limit.ts";
import { OutputTail } from "./output-tail.ts";
import { refuse } from "./refusal.ts";
import type { Roots } from "./roots.ts";

const mostOfSession = 16;
const mostOfAll = 64;
const defaultOutputBytes = 1024 * 1024;
const mostOutputBytes = 4 * 1024 * 1024;
const mostArguments = 1000;
const mostVariables = 50;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/u;

interface Terminal {
  readonly sessionId: string;
  readonly group: ProcessGroup;
  readonly tail: OutputTail;
  exit: Exit | undefined;
}

/** What commands are run with. */
export interface TerminalsParts {
  readonly roots: Roots;
  readonly cwd: string;
  /** The agent's own; what is secret in it is not handed on. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
}

/** Commands that the agent has run by us: exactly what it named, without a shell, inside the roots, and over when their session is. */
export class Terminals {
  readonly #parts: TerminalsParts;
  readonly #terminals = new Map<string, Terminal>();
  /** Commands that are being started. */
  #starting = 0;
  /** Counts the agent's processes: what was asked by one that is over runs for nobody. */
  #life = 0;
  readonly #stopping = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(parts: TerminalsParts) {
    this.#parts = parts;
  }

  async create(request: acp.CreateTerminalRequest): Promise<acp.CreateTerminalResponse> {
    const { sessionId, outputByteLimit } = request;
    const ofSession = [...this.#terminals.values()].filter((each) => each.sessionId === sessionId).length;
    if (this.#isClosed || ofSession + this.#starting >= mostOfSession || this.#terminals.size + this.#starting >= mostOfAll)
      return await refuse("invalid", "Too many terminals are open: release those that are not needed");
    this.#starting += 1;
    const life = this.#life;
    try {
      const group = await this.#start(request);
      const limitBytes = Math.min(Math.max(0, outputByteLimit ?? defaultOutputBytes), mostOutputBytes);
      const terminal: Terminal = { sessionId, group, tail: new OutputTail(limitBytes), exit: undefined };
      for (const stream of [group.output, group.errors]) stream?.on("data", (piece: Buffer) => terminal.tail.push(piece));
      void group.exited.then((exit) => (terminal.exit = exit));
      const terminalId = randomUUID();
      this.#terminals.set(terminalId, terminal);
      if (life !== this.#life) await this.#drop(terminalId);
      return { terminalId };
    } finally {
      this.#starting -= 1;
    }
  }

  /** What it wrote, for whoever shows it. */
  outputOf(sessionId: string, terminalId: string): string | undefined {
    const terminal = this.#terminals.get(terminalId);
    return terminal?.sessionId === sessionId ? terminal.tail.read().output : undefined;
  }

  async output({ sessionId, terminalId }: acp.TerminalOutputRequest): Promise<acp.TerminalOutputResponse> {
    const { tail, exit } = await this.#find(sessionId, terminalId);
    return { ...tail.read(), ...(exit === undefined ? {} : { exitStatus: statusOf(exit) }) };
  }

  async waitForExit(request: acp.WaitForTerminalExitRequest, signal: AbortSignal): Promise<acp.WaitForTerminalExitResponse> {
    const { group } = await this.#find(request.sessionId, request.terminalId);
    const exit = await unlessAborted(group.exited, signal);
    return exit === undefined ? await refuse("invalid", "Nobody waits for it any more") : statusOf(exit);
  }

  async kill({ sessionId, terminalId }: acp.KillTerminalRequest): Promise<void> {
    const { group } = await this.#find(sessionId, terminalId);
    await group.stop();
  }

  async release({ sessionId, terminalId }: acp.ReleaseTerminalRequest): Promise<void> {
    await this.#find(sessionId, terminalId);
    await this.#drop(terminalId);
  }

  /** The session is over, or its turn was stopped: so is what it left running. */
  async releaseOf(sessionId: string): Promise<void> {
    const ids = [...this.#terminals].filter(([, terminal]) => terminal.sessionId === sessionId).map(([id]) => id);
    await Promise.all(ids.map((id) => this.#drop(id)));
  }

  /** The agent's process is over. */
  async releaseAll(): Promise<void> {
    this.#life += 1;
    await Promise.all([...this.#terminals.keys()].map((id) => this.#drop(id)));
  }

  /** Ends all that runs; nothing is started any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.releaseAll();
    await Promise.allSettled(this.#stopping);
  }

  async #drop(terminalId: string): Promise<void> {
    const terminal = this.#terminals.get(terminalId);
    this.#terminals.delete(terminalId);
    if (terminal === undefined) return;
    const stopping = terminal.group.stop();
    this.#stopping.add(stopping);
    await stopping.finally(() => this.#stopping.delete(stopping));
  }

  async #find(sessionId: string, terminalId: string): Promise<Terminal> {
    const terminal = this.#terminals.get(terminalId);
    // Another session's is as good as none.
    return terminal?.sessionId === sessionId ? terminal : await refuse("not-found", "There is no such terminal in this session");
  }

  async #start({ command, args = [], env = [], cwd }: acp.CreateTerminalRequest): Promise<ProcessGroup> {
    const { roots, environment, clock } = this.#parts;
    const texts = [command, ...args, ...env.flatMap(({ name, value }) => [name, value])];
    if (args.length > mostArguments || env.length > mostVariables || texts.some((text) => text.includes("\0")))
      return await refuse("invalid", "Expected a command with fewer arguments, and no NUL characters in them");
    if (!env.every(({ name }) => variableName.test(name)))
      return await refuse("invalid", "Expected names of environment variables");
    const folder = await roots.existing(cwd ?? this.#parts.cwd);
    const own = Object.entries(environment).filter(([name]) => !isSecretName(name));
    const all = { ...Object.fromEntries(own), ...Object.fromEntries(env.map(({ name, value }) => [name, value])) };
    const file = await findProgram(command, all["PATH"]);
    if (file === undefined)
      return await refuse("not-found", `There is no program \`${command}\`: a command is one program and its arguments`);
    try {
      return await ProcessGroup.start({ file, args, cwd: folder, environment: all, hasInput: false }, clock);
    } catch {
      return await refuse("invalid", `\`${command}\` cannot be run in ${folder}`);
    }
  }
}

function statusOf({ code, signal }: Exit): acp.TerminalExitStatus {
  return { exitCode: code, signal };
}

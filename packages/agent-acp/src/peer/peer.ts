import type { AnyMessage, ClientConnection } from "@agentclientprotocol/sdk";
import type { Clock } from "@hermes/core";
import type { z } from "zod";
import { AcpError, isAcpError } from "../acp-error.ts";
import type { Complaints } from "../process/complaints.ts";
import type { Exit, ProcessGroup } from "../process/process-group.ts";
import type { Redact } from "../secrets.ts";
import { withTimeLimit } from "../time-limit.ts";
import type { AgentFacts } from "./agent-facts.ts";
import { createClient, type ClientSide } from "./client.ts";
import { readFrames } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import { loginHint } from "./login.ts";

/** Requests of an agent that are open at once; whoever asks more than that is broken. */
const mostOpenRequests = 256;
/** How long a process may take to end by itself once nothing more is written to it. */
const goodbyeMs = 300;
/** How long it may take to read what it is only told. */
const tellLimitMs = 1000;
/** ACP's code for "log in first". */
const loginRequired = -32_000;

/** What a peer is made with. */
export interface PeerParts {
  readonly group: ProcessGroup;
  readonly clock: Clock;
  readonly complaints: Complaints;
  readonly redact: Redact;
  /** How errors begin: the agent's name in the configuration and its program. */
  readonly who: string;
}

/** An agent that runs, behind the protocol. */
export class Peer {
  readonly #parts: PeerParts;
  readonly #openRequests = new Set<unknown>();
  #connection: ClientConnection | undefined;
  #whyEnded: AcpError | undefined;
  #facts: AgentFacts | undefined;
  /** Resolves once the process is over, with why; never rejects. */
  readonly ended: Promise<AcpError>;

  private constructor(parts: PeerParts) {
    this.#parts = parts;
    this.ended = parts.group.exited.then((exit) => this.#end(`ended ${howItEnded(exit)}: see its messages in the log`));
  }

  /** Speaks with a process. Loads the library. */
  static async connect(parts: PeerParts, side: ClientSide): Promise<Peer> {
    const library = await import("@agentclientprotocol/sdk");
    const peer = new Peer(parts);
    const { input, output } = parts.group;
    if (input === null || output === null) throw new TypeError("Expected a process with pipes for its input and output");
    const writer = new FrameWriter(input);
    // It went away: what it was told last does not matter, and that it is over is told by its end.
    input.on("error", (error) => parts.complaints.debug(`It takes nothing more: ${error.message}`));
    const writable = writer.stream((message) => {
      if (!("method" in message)) peer.#openRequests.delete(message.id);
    });
    const readable = new ReadableStream<AnyMessage>({
      start: (controller) => void peer.#read(controller, side, writer),
    });
    peer.#connection = createClient(library, side).connect({ readable, writable });
    return peer;
  }

  /** What it said of itself. */
  get facts(): AgentFacts {
    if (this.#facts === undefined) throw new TypeError("Expected an agent that was initialized");
    return this.#facts;
  }

  set facts(facts: AgentFacts) {
    this.#facts = facts;
  }

  get isOver(): boolean {
    return this.#whyEnded !== undefined || this.#parts.group.isOver;
  }

  /** Asks it something. Rejects with an `AcpError`, also for an answer that is none; `limitMs` is how long it may take. */
  async request<Schema extends z.ZodType>(
    method: string,
    params: unknown,
    schema: Schema,
    limitMs: number,
  ): Promise<z.output<Schema>> {
    const { clock, who } = this.#parts;
    const answer = await withTimeLimit(this.#ask(method, params), limitMs, clock, (): never => {
      throw new AcpError("timed-out", `${who} did not answer \`${method}\` within ${Math.round(limitMs / 1000)} s`);
    });
    const read = schema.safeParse(answer);
    if (read.success) return read.data;
    throw new AcpError("unsupported", `${who} answered \`${method}\` with something that the protocol does not know`);
  }

  /** Tells it something. What it does not hear any more concerns nobody. */
  async notify(method: string, params: unknown): Promise<void> {
    try {
      // One that does not read would hold up whoever only tells it something.
      const told = this.#connection?.agent.notify(method, params) ?? Promise.resolve();
      await withTimeLimit(told, tellLimitMs, this.#parts.clock, () => undefined);
    } catch (error) {
      this.#parts.complaints.debug(`\`${method}\` did not reach it: ${String(error)}`);
    }
  }

  /** Ends it: no more input, then a signal to all of it, then another. What was asked of it rejects. */
  async close(why = "is shut down", code: "ended" | "closed" = "closed"): Promise<void> {
    this.#end(why, code);
    const { group, clock } = this.#parts;
    group.input?.end();
    const exit = await withTimeLimit(group.exited, goodbyeMs, clock, () => undefined);
    if (exit === undefined) await group.stop();
  }

  async #ask(method: string, params: unknown): Promise<unknown> {
    if (this.#connection === undefined || this.#whyEnded !== undefined) throw this.#end("is over");
    try {
      return await this.#connection.agent.request(method, params);
    } catch (error) {
      throw await this.#refusal(method, error);
    }
  }

  async #refusal(method: string, error: unknown): Promise<AcpError> {
    const { who, redact, clock, group } = this.#parts;
    if (isAcpError(error)) return error;
    const code = error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : undefined;
    // Its pipe closes a moment before the system says how it ended.
    if (code === undefined)
      return (
        this.#whyEnded ??
        (await withTimeLimit(
          group.exited.then(() => this.ended),
          1000,
          clock,
          () => this.#end("went away"),
        ))
      );
    if (code === loginRequired)
      return new AcpError("login-required", `${who} ${loginHint(this.#facts?.logins ?? [])}`, { rpcCode: code });
    const why = redact(error instanceof Error ? error.message : String(error));
    return new AcpError("refused", `${who} refused \`${method}\`: ${why} (${code})`, { rpcCode: code });
  }

  async #read(controller: ReadableStreamDefaultController<AnyMessage>, side: ClientSide, writer: FrameWriter): Promise<void> {
    const { group, complaints, clock } = this.#parts;
    const { output } = group;
    if (output === null) return;
    const handlers = {
      notify: (method: string, params: unknown) => this.#heard(side, method, params),
      forward: (message: AnyMessage) => {
        if (this.#whyEnded !== undefined) return;
        this.#count(message);
        controller.enqueue(message);
      },
      settle: (id: unknown) => writer.settle(id),
    };
    try {
      await readFrames(output, handlers, complaints);
      // Its end is told a moment later; if it is not, it still runs and says nothing more.
      const exit = await withTimeLimit(group.exited, goodbyeMs, clock, () => undefined);
      if (exit === undefined) await this.close("closed its standard output", "ended");
    } catch (error) {
      if (group.isOver) return;
      const why = error instanceof Error ? error.message : String(error);
      complaints.warn(`It is ended: ${why}`);
      await this.close(`was ended, because ${this.#parts.redact(why)}`, "ended");
    }
  }

  #count(message: AnyMessage): void {
    if (!("method" in message) || !("id" in message)) return;
    this.#openRequests.add(message.id);
    if (this.#openRequests.size > mostOpenRequests) throw new Error(`it asked more than ${mostOpenRequests} things at once`);
  }

  #heard(side: ClientSide, method: string, params: unknown): void | Promise<void> {
    // What else an agent tells is its own extension.
    if (method !== "session/update" || this.#whyEnded !== undefined) return;
    if (typeof params === "object" && params !== null && "sessionId" in params && "update" in params) {
      const { sessionId, update } = params;
      if (typeof sessionId === "string" && typeof update === "object" && update !== null)
        return side.update(sessionId, { ...update });
    }
    this.#parts.complaints.warn("It sent an update that is none");
  }

  /** It is over: what was asked of it learns why. The first reason counts. */
  #end(why: string, code: "ended" | "closed" = "ended"): AcpError {
    this.#whyEnded ??= new AcpError(code, `${this.#parts.who} ${why}`);
    this.#connection?.close(this.#whyEnded);
    return this.#whyEnded;
  }
}

function howItEnded({ code, signal }: Exit): string {
  return signal === null ? `with exit code ${code ?? "unknown"}` : `by the signal ${signal}`;
}

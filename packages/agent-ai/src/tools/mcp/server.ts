import type { AgentHost } from "@hermes/core";
import type { CallToolResult, Client, Transport } from "@modelcontextprotocol/client";
import { cleanText } from "../clean-text.ts";
import { checkTool, type CheckedTool } from "./check-tool.ts";
import type { McpServerConfiguration } from "./configuration.ts";
import { httpTransport } from "./http-transport.ts";
import { stdioTransport } from "./stdio-transport.ts";

const connectTimeoutMs = 30_000;
const defaultCallTimeoutMs = 60_000;
const firstDelayMs = 1000;
const longestDelayMs = 5 * 60_000;
const maxTools = 200;
const maxPages = 20;
const maxComplaints = 20;

/** A connection, with what the server offers. */
interface Live {
  readonly client: Client;
  tools: readonly CheckedTool[];
  /** The server said that its list is another now. */
  isStale: boolean;
}

/**
 * One server: connected when it is first needed, and again when it is lost. After a failure it is left alone for a while, longer each
 * time, and only the first failure of a row is logged.
 */
export class McpServer {
  readonly name: string;
  readonly configuration: McpServerConfiguration;
  readonly #host: AgentHost;
  readonly #closing = new AbortController();
  #live: Live | undefined;
  #connecting: Promise<Live> | undefined;
  #failures = 0;
  #notBeforeMs = 0;
  #lastFailure = "";
  #complaints = 0;

  constructor(name: string, configuration: McpServerConfiguration, host: AgentHost) {
    this.name = name;
    this.configuration = configuration;
    this.#host = host;
    // What a server is given to authenticate with must not be read in the log, whoever writes it there.
    for (const secret of secretsOf(configuration)) host.conceal(secret);
  }

  /** Its tools, or none while it fails. */
  async tools(signal: AbortSignal): Promise<readonly CheckedTool[]> {
    if (this.#live === undefined && this.#host.clock.now() < this.#notBeforeMs) return [];
    try {
      const live = await this.#connect(signal);
      if (live.isStale) {
        live.isStale = false;
        live.tools = await this.#list(live.client, signal);
      }
      return live.tools;
    } catch (error) {
      signal.throwIfAborted();
      this.#failed(error);
      return [];
    }
  }

  /**
   * Calls a tool. Where the time is over or the signal is aborted the server is told so.
   *
   * @throws Error with a sentence that says what went wrong.
   */
  async call(tool: string, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<CallToolResult> {
    const { client } = await this.#connect(signal);
    const timeout = this.configuration.timeoutMs ?? defaultCallTimeoutMs;
    return await client.request(
      { method: "tools/call", params: { name: tool, arguments: { ...input } } },
      { signal: AbortSignal.any([signal, this.#closing.signal]), timeout, maxTotalTimeout: timeout },
    );
  }

  /** Connects anew, and says what came of it. */
  async reload(signal: AbortSignal): Promise<string> {
    await this.#disconnect();
    this.#notBeforeMs = 0;
    this.#failures = 0;
    const tools = await this.tools(signal);
    return this.#live === undefined ? `${this.name}: ${this.#lastFailure}` : `${this.name}: ${tools.length} tools`;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#disconnect();
  }

  async #connect(signal: AbortSignal): Promise<Live> {
    this.#closing.signal.throwIfAborted();
    if (this.#live !== undefined) return this.#live;
    // Whoever waits for it may go; the connection is made for all.
    this.#connecting ??= this.#open().finally(() => (this.#connecting = undefined));
    return await untilAborted(this.#connecting, signal);
  }

  async #open(): Promise<Live> {
    const { Client } = await import("@modelcontextprotocol/client");
    const client = new Client({ name: "hermes-gateway", version: "1" }, { jsonSchemaValidator: noValidator });
    const live: Live = { client, tools: [], isStale: false };
    client.setNotificationHandler("notifications/tools/list_changed", () => void (live.isStale = true));
    // oxlint-disable-next-line prefer-add-event-listener -- the client is no event target
    client.onclose = () => {
      if (this.#live === live) this.#live = undefined;
    };
    const signal = this.#closing.signal;
    const transport = await this.#transport();
    try {
      await client.connect(transport, { timeout: connectTimeoutMs, signal });
      live.tools = client.getServerCapabilities()?.tools === undefined ? [] : await this.#list(client, signal);
    } catch (error) {
      // A handshake that fails leaves the transport to whoever opened it.
      await transport.close();
      throw error;
    }
    signal.throwIfAborted();
    this.#live = live;
    this.#failures = 0;
    this.#notBeforeMs = 0;
    return live;
  }

  async #transport(): Promise<Transport> {
    const { configuration } = this;
    if ("url" in configuration) return await httpTransport(configuration);
    return stdioTransport({
      program: configuration,
      defaultFolder: this.#host.folder,
      clock: this.#host.clock,
      onComplaint: (line) => this.#complained(line),
    });
  }

  async #list(client: Client, signal: AbortSignal): Promise<readonly CheckedTool[]> {
    const found: CheckedTool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const params = cursor === undefined ? {} : { cursor };
      const answer = await client.request({ method: "tools/list", params }, { timeout: connectTimeoutMs, signal });
      for (const told of answer.tools) {
        const checked = checkTool(told);
        if (typeof checked === "string") this.#host.logger.warn(`[mcp:${this.name}] Leaves out a tool: ${checked}`);
        else found.push(checked);
        if (found.length >= maxTools) return found;
      }
      cursor = answer.nextCursor;
      if (cursor === undefined) break;
    }
    return found;
  }

  async #disconnect(): Promise<void> {
    await this.#connecting?.catch(() => undefined);
    const live = this.#live;
    this.#live = undefined;
    await live?.client.close();
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    const delayMs = Math.min(firstDelayMs * 2 ** (this.#failures - 1), longestDelayMs);
    this.#notBeforeMs = this.#host.clock.now() + delayMs;
    this.#lastFailure = reasonOf(error);
    if (this.#failures > 1) return;
    this.#host.logger.warn(`[mcp:${this.name}] Has no tools for now: ${this.#lastFailure}. It is tried again with later turns.`);
  }

  /** Some servers write all they do to their standard error: the log gets the beginning of it. */
  #complained(line: string): void {
    this.#complaints += 1;
    if (this.#complaints > maxComplaints) return;
    const last = this.#complaints === maxComplaints ? " (what else it says is left out)" : "";
    this.#host.logger.info(`[mcp:${this.name}] ${cleanText(line)}${last}`);
  }
}

/** What stands in headers, variables and the query of an address, also without the scheme before it (`Bearer …`). */
function secretsOf(configuration: McpServerConfiguration): readonly string[] {
  const values =
    "url" in configuration
      ? [...Object.values(configuration.headers ?? {}), ...new URL(configuration.url).searchParams.values()]
      : Object.values(configuration.env ?? {});
  return values.flatMap((value) => [value, ...value.split(" ")]).filter((value) => value.length >= 8);
}

/** What went wrong, as far as a server's own words may be repeated. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  const more = cause instanceof Error && cause.message !== "" ? ` (${cause.message})` : "";
  return cleanText(`${message}${more}`).replace(/\s+/gu, " ").slice(0, 300).toWellFormed();
}

/** Answers are checked for their shape by the client; a server's own schema of its output is not compiled into code. */
const noValidator = {
  getValidator: () => (input: unknown) => ({ valid: true as const, data: input as never, errorMessage: undefined }),
};

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error("It was stopped", { cause: signal.reason }));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Chat, Message, User, UserFromGetMe } from "grammy/types";
import { BotApiError } from "./bot-api-error.ts";
import { detectEntities } from "./detect-entities.ts";
import { Faults, misbehave, type Fault } from "./faults.ts";
import { FileStore, type UploadedFile } from "./file-store.ts";
import { answer, readBody, readCall, readFileAddress, refuse, type Call } from "./http.ts";
import { methods } from "./methods.ts";
import type { CommandLists, MethodContext, Payload } from "./methods/context.ts";
import { contentOf } from "./methods/files.ts";
import { Rates } from "./rates.ts";
import { loadSpecification, type SpecificationCheck } from "./specification.ts";
import { UpdateQueue } from "./update-queue.ts";
import { Webhook } from "./webhook.ts";
import { botUser, person, readableText, World, type ChatState } from "./world.ts";

export interface BotApiServerOptions {
  /** Default `123456:FAKE-TOKEN-FOR-TESTS`. */
  readonly token?: string;
  /** Default `hermes_test_bot`. */
  readonly username?: string;
  /** The first update's id. Default 1000. */
  readonly firstUpdateId?: number;
  /** Milliseconds since the epoch. Default the machine's clock. */
  readonly nowMs?: () => number;
  /** Check calls against the API's description where it is at hand. Default true; a benchmark turns it off. */
  readonly validate?: boolean;
}

/** One call the server received. */
export interface LoggedCall {
  readonly method: string;
  readonly payload: Payload;
}

/** What somebody says: whatever else a message may carry goes in `extra`. */
export interface Said {
  /** Default: the private chat with `from`. */
  readonly chat?: Chat | number;
  /** Default: person 42, Ada. */
  readonly from?: User;
  readonly threadId?: number;
  readonly replyTo?: Message;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Telegram's Bot API on loopback. */
export class BotApiServer implements MethodContext {
  readonly token: string;
  readonly bot: UserFromGetMe;
  readonly world: World;
  readonly updates: UpdateQueue;
  readonly webhook: Webhook;
  readonly faults = new Faults();
  readonly calls: LoggedCall[] = [];
  /** What Telegram had to mend in our markup; empty when we say exactly what we mean. */
  readonly repairs: string[] = [];
  /** Calls that do not fit the API's description. */
  readonly violations: string[] = [];
  readonly answeredCallbacks: Payload[] = [];
  readonly openCallbacks = new Set<string>();
  readonly chatActions: Payload[] = [];
  readonly commandLists: CommandLists = new Map();
  readonly files = new FileStore();
  /** Every file that came with a call, oldest first. */
  readonly uploads: UploadedFile[] = [];
  readonly rates = new Rates();
  /** How many files were asked for. */
  downloads = 0;
  /** Lower-case names of methods that an older server does not have yet. */
  readonly missing = new Set<string>();
  /** The owner took the token back: whoever comes with it is refused. */
  isRevoked = false;
  readonly nowMs: () => number;
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  readonly #sockets = new Set<Socket>();
  readonly #specification: SpecificationCheck | undefined;
  readonly #watchers = new Set<() => void>();
  #underWay = 0;

  constructor(options: BotApiServerOptions) {
    this.token = options.token ?? "123456:FAKE-TOKEN-FOR-TESTS";
    this.bot = botUser(Number(this.token.split(":")[0]), options.username ?? "hermes_test_bot");
    this.nowMs = options.nowMs ?? Date.now;
    this.world = new World(this.nowMs);
    this.updates = new UpdateQueue(options.firstUpdateId ?? 1000);
    this.webhook = new Webhook(this.updates);
    this.updates.onChange = () => {
      this.webhook.wake();
      this.#changed();
    };
    this.#specification = options.validate === false ? undefined : loadSpecification();
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        this.#changed();
      });
    });
  }

  /** What `apiRoot` is set to. */
  get apiRoot(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** How many requests are being answered right now. */
  get underWay(): number {
    return this.#underWay;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async close(): Promise<void> {
    await this.webhook.close();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Somebody writes; the bot gets a `message`, or in a channel a `channel_post`. */
  say(text: string, said: Said = {}): Message {
    const from = said.from ?? person(42, "Ada");
    const state = this.world.ensure(said.chat ?? { id: from.id, type: "private", first_name: from.first_name });
    const post = state.chat.type === "channel";
    const { reply_to_message: _nested, ...replied } = said.replyTo ?? ({} as Partial<Message>);
    const entities = detectEntities(text, []);
    const message = this.world.store(state, {
      ...(post ? { sender_chat: state.chat } : { from }),
      ...(said.threadId === undefined ? {} : { message_thread_id: said.threadId, is_topic_message: true }),
      ...(said.replyTo === undefined ? {} : { reply_to_message: replied }),
      text,
      ...(entities.length === 0 ? {} : { entities }),
      ...said.extra,
    } as Message);
    this.push(post ? { channel_post: message } : { message });
    return message;
  }

  /** Somebody changes what they wrote. */
  edit(message: Message, text: string): Message {
    const edited = { ...message, text, edit_date: this.world.now() } as Message;
    this.world.chats.get(message.chat.id)?.messages.set(message.message_id, edited);
    this.push(message.chat.type === "channel" ? { edited_channel_post: edited } : { edited_message: edited });
    return edited;
  }

  /** Somebody sends a file; `extra` holds a caption and whatever else comes with it. */
  sayFile(kind: Parameters<typeof contentOf>[0], file: UploadedFile, said: Said = {}): Message {
    return this.say("", { ...said, extra: { text: undefined, ...contentOf(kind, this.files.add(file)), ...said.extra } });
  }

  /** Somebody presses a button under a message of the bot. Returns the press's id. */
  press(message: Message, data: string, from: User = person(42, "Ada")): string {
    const id = `4382${this.calls.length}${this.openCallbacks.size}${message.message_id}`;
    this.openCallbacks.add(id);
    this.push({ callback_query: { id, from, message, chat_instance: "1", data } });
    return id;
  }

  /** Any update, as the API's description has it. */
  push(update: Readonly<Record<string, unknown>>): number | undefined {
    return this.updates.push(update);
  }

  addChat(chat: Chat): ChatState {
    return this.world.add(chat);
  }

  /** The texts that stand in a chat, oldest first, of everybody or of the bot alone. */
  texts(chatId: number, by: "anybody" | "bot" = "anybody"): string[] {
    const messages = [...(this.world.chats.get(chatId)?.messages.values() ?? [])];
    return messages.flatMap((message) => (by === "bot" && message.from?.id !== this.bot.id ? [] : readableText(message)));
  }

  /** The payloads of the calls of one method, oldest first. */
  callsOf(method: string): Payload[] {
    return this.calls.filter((call) => call.method.toLowerCase() === method.toLowerCase()).map((call) => call.payload);
  }

  /** The next `times` calls of `method` go wrong. */
  fail(method: string, fault: Fault, times = 1): void {
    this.faults.add(method, fault, times);
  }

  /** Resolves once `condition` holds; looked at whenever something happens at the server. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #changed(): void {
    for (const look of this.#watchers) look();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay++;
    const gone = new AbortController();
    response.on("close", () => {
      this.#underWay--;
      gone.abort();
      this.#changed();
    });
    try {
      await this.#serve(request, response, gone.signal);
    } catch (error) {
      refuse(response, error instanceof BotApiError ? error : new BotApiError(500, `Internal Server Error: ${String(error)}`));
    }
    this.#changed();
  }

  async #serve(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const file = readFileAddress(request.url ?? "");
    if (file !== undefined) return this.#serveFile(file, response);
    const call = readCall(request.url ?? "");
    if (call === undefined) throw new BotApiError(404, "Not Found");
    const name = call.method.toLowerCase();
    if (this.faults.take(name, "hang-up") !== undefined) return void response.destroy();
    this.#checkSize(request);
    await this.#serveCall(call, request, response, signal);
  }

  /** A server in front of Telegram's refuses by the announced size, before it reads. */
  #checkSize({ headers }: IncomingMessage): void {
    if (Number(headers["content-length"] ?? 0) > this.files.maxUploadBytes + 512 * 1024) {
      throw new BotApiError(413, "Request Entity Too Large");
    }
  }

  async #serveCall(call: Call, request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const body = await readBody(request, this.files.maxUploadBytes);
    const payload = { ...call.query, ...body.payload };
    if (!/^[0-9]+:[\w-]{10,}$/u.test(call.token)) throw new BotApiError(404, "Not Found");
    if (call.token !== this.token || this.isRevoked) throw new BotApiError(401, "Unauthorized");
    const name = call.method.toLowerCase();
    this.calls.push({ method: call.method, payload });
    const method = this.missing.has(name) ? undefined : methods.get(name);
    if (method === undefined) throw new BotApiError(404, "Not Found: method not found");
    this.uploads.push(...body.uploads.values());
    const fault = this.faults.take(name);
    const run = async (): Promise<unknown> => {
      this.#check(call.method, payload);
      return method({ payload, uploads: body.uploads, context: this, signal });
    };
    if (fault === undefined) answer(response, await run());
    else await misbehave(fault, response, run);
  }

  async #serveFile({ token, path }: { token: string; path: string }, response: ServerResponse): Promise<void> {
    if (token !== this.token) throw new BotApiError(401, "Unauthorized");
    this.downloads++;
    const fault = this.faults.take("download");
    const bytes = this.files.at(path)?.bytes;
    const write = async (): Promise<void> => {
      if (bytes === undefined) throw new BotApiError(404, "Not Found");
      response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes.length });
      if (fault?.type === "cut") response.write(bytes.slice(0, fault.afterBytes), () => response.destroy());
      else response.end(bytes);
    };
    if (fault === undefined || fault.type === "cut") await write();
    else await misbehave(fault, response, write);
  }

  #check(method: string, payload: Payload): void {
    const violation = this.#specification?.parameters(method, payload);
    if (violation === undefined) return;
    this.violations.push(`${method}: ${violation}`);
    throw new BotApiError(400, `Bad Request: ${method} does not fit the description of the API: ${violation}`);
  }
}

/** Starts Telegram's Bot API on a free port of 127.0.0.1. Close it, or hold it with `await using`. */
export async function startBotApiServer(options: BotApiServerOptions = {}): Promise<BotApiServer> {
  return new BotApiServer(options).listen();
}

import {
  startProtocolServer,
  type ApiCheck,
  type ProtocolServer,
  type Reply,
  type Route,
  type ServerCall,
  type ServerFault,
} from "@hermes/testkit/server";
import { refused } from "./errors.ts";
import { fileRoutes, signedAddress } from "./files.ts";
import { Gateway } from "./gateway.ts";
import { Rates } from "./rates.ts";
import { channelRoutes } from "./routes.ts";
import { selfRoutes } from "./self-routes.ts";
import { answer, takeBack, type Waiting } from "./waiting.ts";
import { Shapes } from "./shapes.ts";
import { loadSpecification } from "./specification.ts";
import { World, type Channel, type Message, type StoredFile, type User } from "./world.ts";

const botId = "1001000000000000001";
const applicationId = "1001000000000000002";
const token = `${Buffer.from(botId).toString("base64url")}.FAKE00.FAKE-TOKEN-FOR-TESTS-0000000000`;

/** Discord on loopback: its API, its gateway, and where it keeps files. */
export class DiscordServer {
  readonly token = token;
  readonly applicationId = applicationId;
  readonly world: World;
  readonly shapes: Shapes;
  readonly gateway: Gateway;
  readonly rates: Rates;
  readonly nowMs: () => number;
  /** What was set off, and how it was answered. */
  readonly interactions: Waiting[] = [];
  readonly typings: string[] = [];
  /** What did not fit the API's description. */
  readonly violations: string[] = [];
  commands: readonly object[] = [];
  /** How many edits a message older than an hour takes. */
  editsOfOld = 5;
  isRevoked = false;
  #server: ProtocolServer | undefined;
  readonly #check: ApiCheck | undefined;

  constructor(nowMs: () => number, check: ApiCheck | undefined) {
    this.nowMs = nowMs;
    this.#check = check;
    this.world = new World({ id: botId, username: "Hermes", global_name: null, bot: true }, nowMs);
    this.shapes = new Shapes(this.world, (channelId, fileId, name) =>
      signedAddress(this, `/attachments/${channelId}/${fileId}/${encodeURIComponent(name)}`),
    );
    this.rates = new Rates(nowMs);
    const { world, shapes } = this;
    this.gateway = new Gateway({
      world,
      shapes,
      token,
      applicationId,
      nowMs,
      url: () => this.gatewayUrl,
      changed: () => this.#server?.changed(),
    });
  }

  async start(): Promise<void> {
    const routes = [...selfRoutes(this), ...channelRoutes(this)].map((route) => this.#described(route));
    this.#server = await startProtocolServer({
      routes: [...routes, ...fileRoutes(this)],
      sockets: [{ path: "/gateway", serve: (socket) => this.gateway.serve(socket) }],
      authorize: ({ headers }, operation) => {
        if (["answerInteraction", "deleteAnswer", "file"].includes(operation)) {
          // Nothing but an interaction's own token goes there.
          if (headers.has("authorization")) this.violations.push(`${operation} was given the bot's token`);
          return;
        }
        if (this.isRevoked || headers.get("authorization") !== `Bot ${token}`) throw refused(0);
      },
      unknown: () => ({ status: 404, body: { message: "404: Not Found", code: 0 } }),
      secrets: [token],
    });
  }

  get http(): ProtocolServer {
    if (this.#server === undefined) throw new Error("The server was not started");
    return this.#server;
  }

  get apiRoot(): string {
    return `${this.http.url}/api`;
  }

  get mediaHost(): string {
    return new URL(this.http.url).host;
  }

  get gatewayUrl(): string {
    return `${this.http.socketUrl}/gateway`;
  }

  fail(operation: string, fault: ServerFault, times?: number): void {
    this.http.fail(operation, fault, times);
  }

  until(condition: () => boolean, what?: string): Promise<void> {
    return this.http.until(condition, what);
  }

  /** Somebody says something; everybody who may is told. */
  say(channel: Channel, author: User, content: string, more: Partial<Message> = {}): Message {
    const id = this.world.id();
    const message: Message = {
      id,
      channel_id: channel.id,
      author,
      type: 0,
      content,
      timestamp: this.world.at,
      edited_timestamp: null,
      flags: 0,
      mentions: [...content.matchAll(/<@!?(\d+)>/gu)].flatMap(([, user = ""]) => this.world.users.get(user) ?? []),
      mention_roles: [...content.matchAll(/<@&(\d+)>/gu)].map(([, role = ""]) => role),
      mention_everyone: false,
      files: [],
      embeds: [],
      components: [],
      extra: {},
      pings: [],
      reactions: new Map(),
      edits: 0,
      ...more,
    };
    for (const file of message.files) this.world.files.set(file.id, file);
    this.world.messages.set(id, message);
    channel.last_message_id = id;
    this.gateway.dispatch("MESSAGE_CREATE", {
      ...this.shapes.told(message),
      ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
    });
    return message;
  }

  file(name: string, mimeType: string, bytes: Uint8Array): StoredFile {
    return { id: this.world.id(), name, mimeType, bytes };
  }

  edit(message: Message, content: string): void {
    message.content = content;
    this.world.id();
    message.edited_timestamp = this.world.at;
    this.gateway.dispatch("MESSAGE_UPDATE", this.shapes.told(message));
  }

  delete(message: Message): void {
    this.world.messages.delete(message.id);
    this.gateway.dispatch("MESSAGE_DELETE", this.inGuild(message.channel_id, { id: message.id, channel_id: message.channel_id }));
  }

  /** With the server that a channel is in. */
  inGuild(channelId: string, data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const guildId = this.world.channels.get(channelId)?.guild_id;
    return guildId === undefined ? data : { ...data, guild_id: guildId };
  }

  /** Somebody sets something off: a command, a button. */
  interact(channel: Channel, user: User, type: number, data: object, message?: Message): Waiting {
    const guild = channel.guild_id === undefined ? undefined : this.world.guilds.get(channel.guild_id);
    const member = guild?.members.get(user.id);
    const id = this.world.id();
    const waiting = { id, token: `FAKE-INTERACTION-TOKEN-${id}`, sinceMs: this.nowMs(), isTakenBack: false };
    this.interactions.push(waiting);
    this.gateway.dispatch("INTERACTION_CREATE", {
      id,
      token: waiting.token,
      application_id: applicationId,
      type,
      data,
      version: 1,
      channel: this.shapes.channel(channel),
      channel_id: channel.id,
      locale: "en-US",
      entitlements: [],
      authorizing_integration_owners: {},
      app_permissions: "0",
      attachment_size_limit: 10_485_760,
      ...(message === undefined ? {} : { message: this.shapes.message(message) }),
      ...(guild === undefined || member === undefined
        ? { user: this.shapes.user(user) }
        : { guild_id: guild.id, guild_locale: "en-US", member: { ...this.shapes.member(member), permissions: "0" } }),
    });
    return waiting;
  }

  press(message: Message, label: string, user: User): Waiting {
    const buttons = message.components.flatMap(
      (row) => (row as { components: { label: string; custom_id: string }[] }).components,
    );
    const button = buttons.find((one) => one.label === label);
    if (button === undefined) throw new Error(`There is no button ${label}`);
    return this.interact(
      this.world.channel(message.channel_id),
      user,
      3,
      { component_type: 2, custom_id: button.custom_id },
      message,
    );
  }

  answer(id: string, given: string, body: unknown): void {
    answer(this.interactions, id, given, body, this.nowMs());
  }

  takeBack(given: string): void {
    takeBack(this.interactions, given, this.nowMs());
  }

  /** Components get numbers. */
  numbered(components: readonly object[]): readonly object[] {
    let id = 0;
    const number = (one: object): object => ({ ...one, id: (id += 1) });
    return components.map((row) => ({
      ...number(row),
      components: ((row as { components?: object[] }).components ?? []).map(number),
    }));
  }

  /** The body of a call, checked against the description of the API. */
  checked(call: ServerCall, body: unknown): unknown {
    const wrong = this.#check?.request(call.method, call.url.pathname.replace("/api/v10", ""), body);
    if (wrong !== undefined) this.violations.push(`${call.method} ${call.url.pathname}: ${wrong}`);
    return body;
  }

  async close(): Promise<void> {
    await this.http.close();
  }

  #described(route: Route): Route {
    return {
      ...route,
      handle: async (call): Promise<Reply> => {
        const reply = await route.handle(call);
        const path = call.url.pathname.replace("/api/v10", "");
        const wrong =
          reply.body === undefined ? undefined : this.#check?.response(call.method, path, reply.status ?? 200, reply.body);
        if (wrong !== undefined && !/\/(?:applications\/@me|commands)$/u.test(path))
          this.violations.push(`answer to ${call.method} ${path}: ${wrong}`);
        return reply;
      },
    };
  }
}

/** Starts Discord on a free port of 127.0.0.1. */
export async function startDiscordServer({
  nowMs = () => Date.now(),
}: { readonly nowMs?: () => number } = {}): Promise<DiscordServer> {
  const server = new DiscordServer(nowMs, await loadSpecification());
  await server.start();
  return server;
}

import type { Clock } from "@hermes/core";
import {
  refuse,
  startProtocolServer,
  type ProtocolServer,
  type Reply,
  type ServerCall,
  type ServerFault,
  type ServerSocket,
} from "@hermes/testkit/server";
import { Deliveries } from "./deliveries.ts";
import { FileStore } from "./file-store.ts";
import { textOf, type Fields } from "./fields.ts";
import { methods } from "./methods.ts";
import { changed, deleted, pressed, typed } from "./happenings.ts";
import { newId } from "./new-id.ts";
import { no } from "./refusal.ts";
import { shown, World, type WorldBot, type WorldChannel, type WorldMessage } from "./world.ts";

export interface SlackServerOptions {
  /** Default: the machine's time. */
  readonly clock?: Pick<Clock, "now">;
}

/** What somebody says. */
export interface Said {
  /** `T1/C1` */
  readonly chat: string;
  readonly text: string;
  /** Default Ada, `U0ADA`. */
  readonly user?: string;
  readonly thread?: string | undefined;
  readonly files?: readonly string[];
  readonly extra?: Partial<WorldMessage>;
}

/** Slack on loopback: Web API, uploads and downloads, Socket Mode, events by HTTP. */
export class SlackServer {
  readonly botToken = "xoxb-1111-2222-FAKETOKENFORTESTS";
  readonly appToken = "xapp-1-A0HERMES01-3333-fakeapptokenfortests";
  readonly signingSecret = "fake0signing0secret0for0tests000";
  readonly ada = "U0ADA";
  readonly otherBot = { user: "U0BEEP", bot_id: "B0BEEP" };
  readonly world: World;
  readonly files = new FileStore();
  readonly deliveries: Deliveries;
  readonly statuses: { readonly channel: string; readonly thread: string; readonly status: string }[] = [];
  readonly prompts: unknown[] = [];
  /** Names of people, by their ids. */
  readonly people = new Map([["U0ADA", "Ada"]]);
  readonly responses: unknown[] = [];
  readonly rates: { isOn: boolean; take(chat: string): void };
  readonly nowMs: () => number;
  streamsBegun = 0;
  /** Methods that this Slack does not have. */
  readonly missing = new Set<string>();
  isAppTokenRevoked = false;
  readonly #tickets = new Set<string>();
  #events = 0;
  #base: ProtocolServer | undefined;

  constructor({ clock }: SlackServerOptions) {
    this.nowMs = () => clock?.now() ?? Date.now();
    this.world = new World(this.nowMs);
    this.deliveries = new Deliveries(this.nowMs, () => this.#base?.changed());
    const last = new Map<string, number>();
    this.rates = {
      isOn: false,
      take: (chat) => {
        const since = this.nowMs() - (last.get(chat) ?? -Infinity);
        if (this.rates.isOn && since < 1000) {
          throw refuse(429, { ok: false, error: "ratelimited" }, { "retry-after": String(Math.ceil((1000 - since) / 1000)) });
        }
        last.set(chat, this.nowMs());
      },
    };
    this.addTeam("T0ONE", this.botToken);
  }

  /** A workspace in which the app is installed. */
  addTeam(team: string, token: string, name = "Analytical Society"): WorldBot {
    const number = this.world.bots.length;
    const scopes = new Set(Object.values(methods).flatMap(({ scope }) => scope ?? []));
    for (const scope of ["channels:read", "groups:read", "mpim:read", "im:read"]) scopes.add(scope);
    const bot = { team, teamName: name, userId: `U0BOT${number}`, botId: `B0BOT${number}`, token, scopes, isRevoked: false };
    this.world.bots.push(bot);
    return bot;
  }

  get bot(): WorldBot {
    return this.world.botOf("T0ONE");
  }

  async start(): Promise<this> {
    this.#base = await startProtocolServer({
      secrets: [this.botToken, this.appToken],
      routes: [
        {
          method: "POST",
          path: "/api/:method",
          operation: ({ parameters }) => parameters["method"] ?? "",
          handle: (call) => this.#call(call),
        },
        { method: "POST", path: "/upload/v1/:id", operation: "upload", handle: (call) => this.#upload(call) },
        { method: "GET", path: "/files-pri/:id/:name", operation: "download", handle: (call) => this.#download(call) },
        { method: "POST", path: "/actions/:id", operation: "response_url", handle: (call) => this.#respond(call) },
      ],
      sockets: [{ path: "/link", serve: (socket) => this.#serve(socket) }],
      unknown: () => ({ status: 404, headers: { "content-type": "text/html" }, body: "<html>not found</html>" }),
    });
    this.files.url = this.url;
    return this;
  }

  get base(): ProtocolServer {
    if (this.#base === undefined) throw new Error("The server is not started");
    return this.#base;
  }

  get url(): string {
    return this.base.url;
  }

  get apiRoot(): string {
    return `${this.url}/api`;
  }

  /** Requests and sockets of the app. */
  get underWay(): number {
    return this.base.underWay + this.deliveries.sockets.length;
  }

  fail(operation: string, fault: ServerFault, times?: number): void {
    this.base.fail(operation, fault, times);
  }

  until(condition: () => boolean, what?: string): Promise<void> {
    return this.base.until(condition, what);
  }

  async close(): Promise<void> {
    await this.base.close();
    if (this.base.failures.length > 0) throw new Error(`The server failed: ${this.base.failures.map(String).join("; ")}`);
  }

  /** Puts a message there, and tells the app. */
  add(channel: WorldChannel, message: Omit<WorldMessage, "ts" | "reactions">): WorldMessage {
    const added: WorldMessage = { ...message, ts: this.world.nextTs(), reactions: new Map() };
    channel.messages.set(added.ts, added);
    if (added.ephemeralTo === undefined) this.tell(channel, shown(added));
    return added;
  }

  /** Tells the app of a message; of a mention twice, as Slack does. */
  tell(channel: WorldChannel, message: Fields): void {
    const kind = channel.id.startsWith("D") ? "im" : channel.id.startsWith("G") ? "mpim" : "channel";
    const event = { ...message, channel: channel.id, event_ts: message["ts"], channel_type: kind };
    this.event(channel.team, { ...event, type: "message" });
    const isMention = textOf(message["text"]).includes(`<@${this.world.botOf(channel.team).userId}>`);
    if (isMention && kind !== "im" && message["subtype"] === undefined) {
      const { channel_type: _, ...mention } = event;
      this.event(channel.team, { ...mention, type: "app_mention" });
    }
  }

  event(team: string, event: Fields): void {
    this.deliveries.push("events_api", this.envelope(team, event));
  }

  envelope(team: string, event: unknown): Fields {
    this.#events += 1;
    return {
      token: "FAKE-VERIFICATION-TOKEN",
      team_id: team,
      api_app_id: this.world.appId,
      event,
      type: "event_callback",
      event_id: `Ev${String(this.#events).padStart(8, "0")}`,
      event_time: Math.floor(this.nowMs() / 1000),
      authorizations: [
        { enterprise_id: null, team_id: team, user_id: this.world.bots.find((bot) => bot.team === team)?.userId, is_bot: true },
      ],
      is_ext_shared_channel: false,
    };
  }

  say({ chat, text, user = this.ada, thread, files = [], extra = {} }: Said): WorldMessage {
    const channel = this.world.find(chat);
    const root = thread === undefined ? undefined : channel.messages.get(thread);
    if (root !== undefined) root.thread_ts = root.ts;
    return this.add(channel, {
      user,
      text,
      ...(root === undefined ? {} : { thread_ts: root.ts, parent_user_id: root.user }),
      ...(files.length === 0 ? {} : { subtype: "file_share", files: files.map((id) => this.files.describe(id, this.url)) }),
      ...extra,
    });
  }

  edit(chat: string, ts: string, text: string): void {
    const channel = this.world.find(chat);
    const message = this.#standing(chat, ts);
    const before = shown(message);
    message.edited = { user: message.user, ts: this.world.nextTs() };
    message.text = text;
    this.event(channel.team, changed(channel, message, before, this.world.nextTs()));
  }

  /** A preview appears: Slack tells of the whole message. */
  unfurl(chat: string, ts: string): void {
    const channel = this.world.find(chat);
    const message = this.#standing(chat, ts);
    const attachments = [{ from_url: "https://example.com", title: "Example", fallback: "Example" }];
    const after = { ...shown(message), attachments };
    this.event(channel.team, { ...changed(channel, message, shown(message), this.world.nextTs()), message: after });
  }

  delete(chat: string, ts: string): void {
    const channel = this.world.find(chat);
    const message = this.#standing(chat, ts);
    channel.messages.delete(ts);
    this.event(channel.team, deleted(channel, message, this.world.nextTs()));
  }

  react(chat: string, ts: string, reaction: string, user = this.ada): void {
    const channel = this.world.find(chat);
    const item = { type: "message", channel: channel.id, ts };
    this.event(channel.team, {
      type: "reaction_added",
      user,
      reaction,
      item,
      item_user: this.#standing(chat, ts).user,
      event_ts: this.world.nextTs(),
    });
  }

  press(chat: string, ts: string, label: string, user = this.ada): void {
    const channel = this.world.find(chat);
    const message = this.#standing(chat, ts);
    const interaction = { user, responseUrl: this.#responseUrl(), nextTs: () => this.world.nextTs(), appId: this.world.appId };
    this.deliveries.push("interactive", pressed(channel, message, label, interaction));
  }

  command(chat: string, command: string, text: string, user = this.ada): void {
    const channel = this.world.find(chat);
    const interaction = { user, responseUrl: this.#responseUrl(), nextTs: () => this.world.nextTs(), appId: this.world.appId };
    this.deliveries.push("slash_commands", typed(channel, command, text, interaction));
  }

  #responseUrl(): string {
    return `${this.url}/actions/${newId("R")}`;
  }

  #standing(chat: string, ts: string): WorldMessage {
    const message = this.world.find(chat).messages.get(ts);
    if (message === undefined) throw new Error(`No message ${ts} stands in ${chat}`);
    return message;
  }

  async #call(call: ServerCall): Promise<Reply> {
    const name = call.parameters["method"] ?? "";
    const fields = await fieldsOf(call);
    const token = /^Bearer (.+)$/u.exec(call.headers.get("authorization") ?? "")?.[1] ?? textOf(fields["token"]);
    if (token === "") throw no("not_authed");
    if (name === "apps.connections.open") return this.#openConnection(token);
    const bot = this.world.bots.find((one) => one.token === token);
    if (bot === undefined) throw no(token === this.appToken ? "not_allowed_token_type" : "invalid_auth");
    if (bot.isRevoked) throw no("token_revoked");
    const method = this.missing.has(name) ? undefined : methods[name];
    if (method === undefined) throw no("unknown_method", { req_method: name });
    const provided = [...bot.scopes].join(",");
    if (method.scope !== undefined && !bot.scopes.has(method.scope))
      throw no("missing_scope", { needed: method.scope, provided });
    return { headers: { "x-oauth-scopes": provided }, body: { ok: true, ...method.run(fields, bot, this) } };
  }

  #openConnection(token: string): Reply {
    if (token !== this.appToken || this.isAppTokenRevoked)
      throw no(token.startsWith("xoxb") ? "not_allowed_token_type" : "invalid_auth");
    const ticket = newId("");
    this.#tickets.add(ticket);
    return { body: { ok: true, url: `${this.base.socketUrl}/link?ticket=${ticket}&app_id=${this.world.appId}` } };
  }

  async #serve(socket: ServerSocket): Promise<void> {
    // An address is good for one socket.
    if (!this.#tickets.delete(socket.url.searchParams.get("ticket") ?? "")) return socket.close(4001, "invalid ticket");
    socket.send({
      type: "hello",
      num_connections: this.deliveries.sockets.length + 1,
      connection_info: { app_id: this.world.appId },
      debug_info: { host: "applink" },
    });
    this.deliveries.opened(socket);
    try {
      for await (const data of socket.messages) {
        const { envelope_id: id } = JSON.parse(String(data)) as { readonly envelope_id?: unknown };
        this.deliveries.acknowledge(id);
      }
    } finally {
      this.deliveries.closed(socket);
    }
  }

  async #upload(call: ServerCall): Promise<Reply> {
    const isForm = (call.headers.get("content-type") ?? "").startsWith("multipart/");
    const part = isForm ? [...(await call.form()).values()].find((value) => typeof value !== "string") : undefined;
    const bytes = part === undefined ? call.bytes : new Uint8Array(await (part as Blob).arrayBuffer());
    const status = this.files.receive(call.parameters["id"] ?? "", bytes);
    return { status, body: status === 200 ? `OK - ${bytes.length}` : "refused" };
  }

  #download(call: ServerCall): Reply {
    const [team = "", id = ""] = (call.parameters["id"] ?? "").split("-");
    const token = /^Bearer (.+)$/u.exec(call.headers.get("authorization") ?? "")?.[1];
    const bot = this.world.bots.find((one) => one.team === team && one.token === token);
    if (bot === undefined || bot.isRevoked || !bot.scopes.has("files:read")) {
      return { headers: { "content-type": "text/html; charset=utf-8" }, body: "<!DOCTYPE html><title>Sign in to Slack</title>" };
    }
    const bytes = this.files.bytesOf(id);
    return bytes === undefined ? { status: 404 } : { headers: { "content-type": "application/octet-stream" }, body: bytes };
  }

  #respond(call: ServerCall): Reply {
    this.responses.push(call.json());
    return { body: "ok" };
  }
}

/** Starts Slack on a free port of 127.0.0.1. */
export async function startSlackServer(options: SlackServerOptions = {}): Promise<SlackServer> {
  return await new SlackServer(options).start();
}

async function fieldsOf(call: ServerCall): Promise<Fields> {
  const type = call.headers.get("content-type") ?? "";
  if (type.startsWith("application/json")) return call.json() as Fields;
  if (call.bytes.length === 0) return {};
  return Object.fromEntries(await call.form());
}

import type { DeleteEvent, EditEvent, MessageEvent, PlatformEvent } from "@hermes/core";
import type { ScriptedPlatform, Spoken } from "@hermes/runtime/testing";
import { manners } from "./busy-agent.ts";
import type { Chance } from "./chance.ts";

const chats = 6;
/** Of these messages somebody may still change or take back one. */
const remembered = 40;
const commands = [
  "/stop",
  "/stop",
  "/new",
  "/status",
  "/retry",
  "/whoami",
  "/help",
  "/nonsense",
  "/queue",
  "/queue short next",
  "/queue drop 1",
  "/queue drop all",
  "/queue edit 1 short instead",
  "/steer short aside",
  "/busy",
  "/busy interrupt",
  "/busy queue",
  "/busy steer",
  "/busy default",
  "/busy chat queue",
  "/sethome",
] as const;

type Place = Pick<Spoken, "chatId" | "userId" | "type">;

/** People on one platform: some are there all the time, some write once and are never seen again. */
export class People {
  readonly #chat: ScriptedPlatform;
  readonly #chance: Chance;
  readonly #hasRequests: boolean;
  readonly #said: MessageEvent[] = [];
  #changes = 0;
  /** What was said so far. */
  count = 0;
  newcomers = 0;
  /** What the gateway did not take. */
  refusals = 0;

  /** `hasRequests`: some ask by a request, and hang up without an answer. */
  constructor(chat: ScriptedPlatform, chance: Chance, hasRequests: boolean) {
    this.#chat = chat;
    this.#chance = chance;
    this.#hasRequests = hasRequests;
  }

  /** One thing that somebody does. */
  act(): void {
    const say = (text: string, more: Partial<Spoken> = {}): void =>
      this.#offer([this.#message(text, { ...this.#place(), ...more })]);
    this.#chance.weigh<() => void>([
      [10, () => say(this.#words())],
      [3, () => this.#burst()],
      [3, () => say("yes")],
      [4, () => say(this.#chance.pick(commands))],
      [2, () => this.#change()],
      [2, () => this.visit()],
      [1, () => say(this.#words(), { isBot: true })],
      [1, () => say(this.#words(), { addressed: false, chatId: "group", type: "group" })],
      [1, () => this.#repeat()],
      [this.#hasRequests ? 4 : 0, () => say(this.#briefly(), { lifetime: "request", chatId: this.#newcomer() })],
    ])?.();
  }

  /** Everybody who is there ends what runs, and hears once more that they are heard. */
  settleDown(text: string): void {
    for (const place of this.#places()) this.#offer([this.#message(text, place)]);
  }

  #places(): readonly Place[] {
    const alone = Array.from({ length: chats }, (_, index): Place => ({ chatId: `c${index}`, userId: `${index}`, type: "dm" }));
    const together = ["0", "1", "2"].map((userId): Place => ({ chatId: "group", userId, type: "group" }));
    return [...alone, ...together];
  }

  #place(): Place {
    return this.#chance.pick(this.#places());
  }

  #words(): string {
    return `${this.#chance.weigh(manners) ?? "short"} ${this.count}`;
  }

  /** Who is gone cannot stop what never ends by itself. */
  #briefly(): string {
    return `${this.#chance.pick(["short", "streams", "works", "asks", "fails"])} ${this.count}`;
  }

  #message(text: string, more: Partial<Spoken>): MessageEvent {
    const message = this.#chat.message(text, more);
    this.#said.push(message);
    if (this.#said.length > remembered) this.#said.shift();
    return message;
  }

  #burst(): void {
    const place = this.#place();
    for (let line = 0; line < 3; line += 1) this.#offer([this.#message(this.#words(), place)]);
  }

  /** Somebody writes once and is never seen again. */
  visit(): void {
    const visitor = this.#newcomer();
    this.#offer([this.#message("short and goodbye", { chatId: visitor, userId: visitor })]);
  }

  /** Somebody who was never seen before. */
  #newcomer(): string {
    this.newcomers += 1;
    return `newcomer-${this.newcomers}`;
  }

  #repeat(): void {
    const [again] = this.#said;
    if (again !== undefined) this.#offer([again]);
  }

  #change(): void {
    const before = this.#said.at(-1 - Math.floor(this.#chance.next() * 5));
    if (before === undefined) return;
    this.#changes += 1;
    const { version, chat, origin, at, messageId } = before;
    const common = { version, eventId: `change-${this.#changes}`, chat, origin, at };
    const edit: EditEvent = { ...common, type: "edit", messageId, text: `${this.#briefly()}, but better` };
    const remove: DeleteEvent = { ...common, type: "delete", messageIds: [messageId] };
    this.#offer([this.#chance.pick<PlatformEvent>([edit, remove])]);
  }

  #offer(events: readonly PlatformEvent[]): void {
    this.count += events.length;
    this.#chat.offer(events).catch(() => (this.refusals += 1));
  }
}

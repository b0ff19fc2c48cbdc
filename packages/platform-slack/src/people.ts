import type { Clock, PlatformEvent } from "@hermes/core";
import { parseChannel } from "./place.ts";
import type { Workspaces } from "./workspaces.ts";

/** How long a message waits for the name of whoever wrote it. */
const patienceMs = 800;
const goodForMs = 24 * 60 * 60_000;
/** Who could not be asked for is asked for again no sooner. */
const unknownForMs = 10 * 60_000;
/** More people are not known at a time; the oldest goes. */
const maxKnown = 5000;

interface Known {
  readonly name: string | undefined;
  readonly untilMs: number;
}

/** What people are called: Slack's messages hold their ids alone. Without an answer in time a message goes on without a name. */
export class People {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<string | undefined>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Messages with the names of their authors. Never rejects. */
  async named(events: readonly PlatformEvent[], workspaces: Workspaces | undefined): Promise<readonly PlatformEvent[]> {
    if (workspaces === undefined) return events;
    return await Promise.all(events.map((event) => this.#withName(event, workspaces)));
  }

  async #withName(event: PlatformEvent, workspaces: Workspaces): Promise<PlatformEvent> {
    const { author } = event.origin;
    if (event.type !== "message" || author.isBot || author.name !== undefined) return event;
    const name = await this.#nameOf(author.id, parseChannel(event.chat.ref.chatId)?.team ?? "", workspaces);
    return name === undefined ? event : { ...event, origin: { ...event.origin, author: { ...author, name } } };
  }

  async #nameOf(userId: string, team: string, workspaces: Workspaces): Promise<string | undefined> {
    const key = `${team}/${userId}`;
    const known = this.#known.get(key);
    if (known !== undefined && this.#clock.now() < known.untilMs) return known.name;
    const workspace = workspaces.byTeam(team);
    if (workspace === undefined) return undefined;
    const asking = this.#asking.get(key) ?? this.#ask(key, () => workspace.api.nameOf(userId));
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const cancel = this.#clock.wakeAt(this.#clock.now() + patienceMs, () => resolve(undefined));
    const name = await Promise.race([asking, late]);
    cancel();
    return name;
  }

  #ask(key: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    const asking = ask()
      // A name is worth no failure: the scope users:read may be missing, or Slack be slow.
      .catch(() => undefined)
      .then((name) => {
        this.#asking.delete(key);
        this.#known.delete(key);
        this.#known.set(key, { name, untilMs: this.#clock.now() + (name === undefined ? unknownForMs : goodForMs) });
        const [oldest] = this.#known.keys();
        if (this.#known.size > maxKnown && oldest !== undefined) this.#known.delete(oldest);
        return name;
      });
    this.#asking.set(key, asking);
    return asking;
  }
}

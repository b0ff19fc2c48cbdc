import { type Chat, type Connection, type Ended, type SendOptions } from "@hermes/core";
import { RecordingHost, SteppingClock } from "@hermes/testkit";
import { expect } from "vitest";
import type { MatrixOptions } from "../src/index.ts";
import { matrix } from "../src/matrix.ts";
import { closing } from "./closing.ts";
import { startHomeserver, type Account, type Homeserver, type Room } from "./server.ts";

export { platformErrorOf as failed, saying } from "@hermes/testkit";
export const never = new AbortController().signal;
let keys = 0;

/** The options of a send that nothing is special about. */
export function plainOptions(more: Partial<SendOptions> = {}): SendOptions {
  keys += 1;
  return { signal: never, idempotencyKey: `key-${keys}`, mentions: [], ...more };
}

/** A homeserver with a bot on it, Ada, and a direct chat and a group of theirs. */
export interface Setting {
  readonly server: Homeserver;
  readonly clock: SteppingClock;
  readonly ada: Account;
  readonly direct: Room;
  readonly club: Room;
  readonly options: MatrixOptions;
}

export async function set(given: Partial<MatrixOptions> = {}): Promise<Setting> {
  const clock = new SteppingClock();
  const server = await startHomeserver({ nowMs: () => clock.now() });
  closing.push(() => server.close());
  const ada = server.world.addAccount("ada", { displayName: "Ada" });
  const direct = server.addDirect(ada);
  const club = server.addGroup([ada], { name: "Club" });
  const options = { userId: server.bot.userId, homeserver: server.url, accessToken: server.device.token, ...given };
  return { server, clock, ada, direct, club, options };
}

/** A process of the bot. */
export interface Life {
  readonly host: RecordingHost;
  readonly connection: Connection;
  readonly ended: Promise<Ended>;
  readonly stop: () => Promise<Ended>;
  /** Resolves once `condition` holds. */
  readonly until: (condition: () => boolean) => Promise<void>;
}

/** Connects the bot; what it holds open ends with the test. */
export async function connect(
  { options, clock }: Pick<Setting, "options" | "clock">,
  host = new RecordingHost(),
): Promise<{ readonly host: RecordingHost; readonly connection: Connection }> {
  const connection = await matrix(options, { clock, silenceMs: 2000 }).connect(host, never);
  closing.push(() => connection.disconnect());
  return { host, connection };
}

/** Connects the bot and listens until the test is over. */
export async function listen(setting: Pick<Setting, "options" | "clock">, before?: RecordingHost): Promise<Life> {
  const given = new RecordingHost(before);
  // Whom the gateway lets in, it lets in after a restart.
  if (before !== undefined) given.verdict = before.verdict;
  const { host, connection } = await connect(setting, given);
  const until = async (condition: () => boolean): Promise<void> => {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      host.onChange = () => {
        if (condition()) resolve();
      };
    });
  };
  const controller = new AbortController();
  const ended = connection.listen?.(controller.signal) ?? expect.unreachable("the bot listens");
  const stop = (): Promise<Ended> => {
    controller.abort();
    return ended;
  };
  closing.push(stop);
  return { host, connection, ended, stop, until };
}

/** The same, once it is known to work. */
export async function listening(setting: Pick<Setting, "options" | "clock">, before?: RecordingHost): Promise<Life> {
  const life = await listen(setting, before);
  await life.until(() => life.host.reports.includes("up"));
  return life;
}

/** Says something and waits until it arrived. */
export async function hear({ server, ada }: Setting, life: Life, room: Setting["club"], text: string): Promise<void> {
  server.say(room, ada.userId, text);
  await life.until(() => life.host.texts.includes(text));
}

export function chatIn(room: Room, type: Chat["type"] = "group", threadId?: string): Chat {
  return { ref: { platform: "matrix", chatId: room.id, ...(threadId === undefined ? {} : { threadId }) }, type };
}

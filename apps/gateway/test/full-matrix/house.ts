import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import {
  startHomeserver,
  type Account,
  type Fields,
  type Homeserver,
  type Room,
  type StoredEvent,
} from "../../../../packages/platform-matrix/test/server.ts";
import { eventsIn } from "../../../../packages/platform-matrix/test/server/world.ts";
import { startHermes, type Hermes } from "../cli/hermes.ts";
import { temporaryHome } from "../temporary-home.ts";

const program = fileURLToPath(new URL("../full-telegram/showing-gateway.ts", import.meta.url));

/** A home with a bot on a loopback homeserver that lets Ada in, a direct chat with her, and a group with her and Grace. */
export interface MatrixHouse {
  readonly server: Homeserver;
  readonly home: string;
  readonly ada: Account;
  /** Somebody who is not let in. */
  readonly grace: Account;
  readonly direct: Room;
  readonly club: Room;
  /** A gateway that is ready, connected and asks for what is new. */
  serve(): Promise<Hermes>;
  /** Ada says something. */
  says(room: Room, text: string, more?: Fields): StoredEvent;
  /** Ada says something that names the bot. */
  tells(room: Room, text: string, more?: Fields): StoredEvent;
  /** Waits until the bot's messages in a room are these, each as its latest edit says it. */
  sees(room: Room, isSo: (texts: readonly string[]) => boolean): Promise<readonly string[]>;
}

/** Opens such a house; `more` goes into the platform's section. */
export async function matrixHouse(
  more: (server: Homeserver) => Readonly<Record<string, unknown>> = () => ({}),
): Promise<MatrixHouse> {
  const server = await startHomeserver();
  onTestFinished(async () => {
    await server.close();
    if (server.violations.length > 0) throw new Error(server.violations.join("; "));
  });
  const ada = server.world.addAccount("ada", { displayName: "Ada" });
  const grace = server.world.addAccount("grace", { displayName: "Grace" });
  const section = {
    userId: server.bot.userId,
    homeserver: server.url,
    accessToken: server.device.token,
    access: { allow: [ada.userId] },
    burst: { windowMs: 0, splitWindowMs: 0 },
    busy: { mode: "queue" },
    ...more(server),
  };
  // JSON is YAML.
  const home = await temporaryHome({
    "config.yaml": JSON.stringify({ server: { port: 0 }, platforms: { matrix: section } }),
  });
  return {
    server,
    home,
    ada,
    grace,
    direct: server.addDirect(ada),
    club: server.addGroup([ada, grace], { name: "Club" }),
    async serve() {
      const hermes = startHermes([], { home, program });
      await hermes.errorLine(/\[matrix\] Connected as/u);
      await server.until(() => server.isPolled);
      return hermes;
    },
    says: (room, text, content) => server.say(room, ada.userId, text, content),
    tells: (room, text, content) =>
      server.say(room, ada.userId, text, { "m.mentions": { user_ids: [server.bot.userId] }, ...content }),
    async sees(room, isSo) {
      await until(
        () => isSo(textsOf(server, room)),
        () => JSON.stringify(textsOf(server, room)),
      );
      return textsOf(server, room);
    },
  };
}

/** What the bot's messages in a room say now, oldest first. */
export function textsOf(server: Homeserver, room: Room): readonly string[] {
  const texts = new Map<string, string>();
  for (const { event_id: id, sender, type, content } of eventsIn(room)) {
    if (sender !== server.bot.userId || type !== "m.room.message" || typeof content["body"] !== "string") continue;
    const relation = content["m.relates_to"] as { readonly rel_type?: string; readonly event_id?: string } | undefined;
    const said = (content["m.new_content"] ?? content) as { readonly body: string };
    texts.set(relation?.rel_type === "m.replace" ? (relation.event_id ?? id) : id, said.body);
  }
  return [...texts.values()];
}

/** What stands under a message from the bot, as emojis. */
export function marksOn(server: Homeserver, room: Room, eventId: string): readonly string[] {
  return eventsIn(room).flatMap(({ sender, type, content }) => {
    const relation = content["m.relates_to"] as { readonly event_id?: string; readonly key?: string } | undefined;
    const isOne = sender === server.bot.userId && type === "m.reaction" && relation?.event_id === eventId;
    return isOne ? [String(relation.key)] : [];
  });
}

const patienceMs = 12_000;

/** Waits until something is so. */
export async function until(isSo: () => boolean, seen: () => string = () => "that did not happen"): Promise<void> {
  const untilMs = Date.now() + patienceMs;
  while (!isSo()) {
    if (Date.now() > untilMs) throw new Error(seen());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

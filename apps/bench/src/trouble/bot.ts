import { startBotApiServer, type BotApiServer } from "../../loopback/bot-api.ts";
import { webhookSecret } from "../processes/gateway.ts";
import { openDelivery, type Delivery } from "../throughput/deliver.ts";
import type { BotSetUp } from "./set-up.ts";

/** A chat with a bot. */
export type Chat = ReturnType<BotApiServer["world"]["add"]>;

/** A bot's other side: its Bot API, and the people who talk to it. */
export class Bot implements AsyncDisposable {
  readonly api: BotApiServer;
  readonly setUp: BotSetUp;
  readonly #listeners: ((chatId: number, text: string) => void)[] = [];
  #delivery: Delivery | undefined;
  #seenCalls = 0;
  #updates = 1;

  private constructor(api: BotApiServer, setUp: BotSetUp) {
    this.api = api;
    this.setUp = setUp;
    // Never resolves: a way to be told whenever something happened at the server.
    void api.until(() => this.#look());
  }

  static async start(id: string, number: number, mode: BotSetUp["mode"]): Promise<Bot> {
    const token = `${123_456 + number}:FAKE-TOKEN-FOR-TESTS`;
    const api = await startBotApiServer({ token, validate: false });
    return new Bot(api, { id, token, apiRoot: api.apiRoot, mode });
  }

  /** Where its updates go; of no use to a bot that polls. */
  connectTo(gatewayUrl: string): void {
    this.#delivery = openDelivery(`${gatewayUrl}/webhooks/${this.setUp.id}`, webhookSecret);
  }

  openChat(index: number): Chat {
    return this.api.addChat({ id: 1_000_000 + index, type: "private", first_name: `Person ${index}` });
  }

  /** Somebody writes. */
  say(chat: Chat, text: string): void {
    const person = { id: chat.chat.id, is_bot: false, first_name: "Person" } as const;
    if (this.setUp.mode === "polling") this.api.say(text, { from: person });
    else {
      const message = this.api.world.store(chat, { from: person, text });
      // Never rejects; what is not taken is not said again, since nobody waits for it here.
      void this.#delivery?.post(JSON.stringify({ update_id: this.#updates++, message }));
    }
  }

  /** Tells what the bot shows, as it shows it. */
  onShown(listener: (chatId: number, text: string) => void): void {
    this.#listeners.push(listener);
  }

  #look(): false {
    const { calls } = this.api;
    for (; this.#seenCalls < calls.length; this.#seenCalls++) {
      const { method, payload } = calls[this.#seenCalls] ?? { method: "", payload: {} };
      if (method !== "sendMessage" && method !== "editMessageText") continue;
      for (const listener of this.#listeners) listener(Number(payload["chat_id"]), String(payload["text"]));
    }
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#delivery?.close();
    await this.api.close();
  }
}

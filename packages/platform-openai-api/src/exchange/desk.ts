import { hash, randomUUID } from "node:crypto";
import type { Acceptance, Author, Chat, Clock, PlatformHost } from "@hermes/core";
import { ApiError, notNow } from "../api-error.ts";
import type { DecodedRequest } from "../decode.ts";
import type { NamedSession } from "../transport/session.ts";
import type { Answer, AnswerFacts } from "./answer.ts";
import { Exchange } from "./exchange.ts";
import type { Exchanges } from "./exchanges.ts";
import { Idempotency, type Repeatable } from "./idempotency.ts";
import type { KeptResponses } from "./kept-responses.ts";
import { messageEventOf } from "./message-event.ts";
import { placeOf, type Place } from "./place.ts";
import type { Uploads } from "./uploads.ts";

export interface DeskParts {
  /** The instance's id. */
  readonly platform: string;
  readonly modelName: string;
  readonly clock: Clock;
  readonly exchanges: Exchanges;
  readonly uploads: Uploads;
  readonly kept: KeptResponses;
}

/** A request that may be answered. */
export interface Call {
  readonly request: DecodedRequest;
  /** The name of the key. */
  readonly caller: string;
  readonly session: NamedSession | undefined;
  readonly idempotencyKey: string | undefined;
  /** The body as it came. */
  readonly body: Buffer;
  readonly host: PlatformHost;
}

/** Puts requests to the gateway. */
export class Desk {
  readonly #parts: DeskParts;
  readonly #idempotency = new Idempotency<Exchange>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /**
   * The exchange that answers a call: a new one, or the one that answers the same call already.
   *
   * @throws ApiError where the gateway does not take it.
   */
  async open(call: Call): Promise<Exchange> {
    const asked = repeatableOf(call);
    if (asked === undefined) return await this.#start(call, `request-${randomUUID()}`);
    for (;;) {
      const exchange = await this.#openNamed(call, asked);
      if (!exchange.isAbandoned) return exchange;
      // It is being stopped, since nobody waited any more: this caller came too late for it, and has it begun anew.
      await exchange.answer;
    }
  }

  async #openNamed(call: Call, asked: Repeatable): Promise<Exchange> {
    const { memory } = call.host;
    const closing = (exchange: Exchange): Exchange => {
      // Not awaited: an answer never rejects.
      void exchange.answer.then(() => this.#idempotency.close(asked));
      return exchange;
    };
    return await this.#idempotency.open(asked, memory, {
      start: async ({ eventId, givenUp }) =>
        closing(
          await this.#start(call, eventId, (answer, isAbandoned) =>
            this.#idempotency.keep(asked, memory, isAbandoned ? { givenUp: givenUp + 1 } : { answer }),
          ),
        ),
      revive: (answer) => closing(this.#revive(answer, call.host)),
    });
  }

  async #start(call: Call, eventId: string, keep?: (answer: Answer, isAbandoned: boolean) => Promise<void>): Promise<Exchange> {
    const { exchanges, kept } = this.#parts;
    const { request, caller, session, host } = call;
    if (!exchanges.isConnected) throw notNow(503, "not_running", "The gateway is not running: try again later", 5);
    const place = await placeOf({ request, session, caller, memory: host.memory, kept });
    const facts = this.#factsOf(call, place);
    const exchange: Exchange = this.#exchange(facts, host, async (answer) => {
      const isAbandoned = answer.outcome.kind === "interrupted" && exchange.isAbandoned;
      // One that is not kept must not keep the other from being kept.
      const both = [
        ...(facts.store ? [kept.keep(host.memory, answer)] : []),
        ...(keep === undefined ? [] : [keep(answer, isAbandoned)]),
      ];
      for (const each of await Promise.allSettled(both)) if (each.status === "rejected") throw each.reason;
    });
    try {
      await this.#offer(exchange, call, place, eventId);
    } catch (error) {
      place.claim?.release();
      throw error;
    }
    await hold(place, host);
    return exchange;
  }

  async #offer(exchange: Exchange, { request, session, host }: Call, place: Place, eventId: string): Promise<void> {
    const { exchanges, uploads } = this.#parts;
    const told = messageEventOf(exchange, request, place.earlier, { eventId, uploads });
    const letGo = (): void => {
      for (const id of told.uploads) uploads.remove(id);
    };
    exchanges.add(exchange);
    try {
      const acceptance = await offered(host, () => host.accept([told.event]));
      if (acceptance === "duplicate") throw lostAnswer();
      if (acceptance === "refused") throw refused(session !== undefined && exchanges.countIn(place.chatId) > 1);
    } catch (error) {
      exchanges.remove(exchange);
      letGo();
      throw error;
    }
    // Not awaited: an answer never rejects.
    void exchange.answer.then(letGo);
  }

  #factsOf({ request, caller }: Call, { chatId }: Place): AnswerFacts {
    const { clock, modelName } = this.#parts;
    const { api, store, includeUsage, previousResponseId, instructions, parameters, last } = request;
    return {
      id: randomUUID(),
      api,
      createdMs: clock.now(),
      chatId,
      caller,
      model: modelName,
      input: last.text,
      store,
      includeUsage,
      ...(previousResponseId === undefined ? {} : { previousResponseId }),
      ...(instructions === undefined ? {} : { instructions }),
      parameters,
    };
  }

  #exchange(facts: AnswerFacts, host: PlatformHost, settle: (answer: Answer) => Promise<void>): Exchange {
    const { platform, exchanges } = this.#parts;
    const chat: Chat = { ref: { platform, chatId: facts.chatId }, type: "dm" };
    const author: Author = { id: facts.caller, name: facts.caller, isBot: false, assurance: "platform" };
    const exchange: Exchange = new Exchange({
      facts,
      chat,
      author,
      logger: host.logger,
      settle,
      // Not awaited: it never rejects, and the answer's end tells what came of it.
      onAbandoned: () => void exchanges.stop(exchange, host),
    });
    return exchange;
  }

  /** An answer that was there before. */
  #revive({ facts, text, outcome, usage }: Answer, host: PlatformHost): Exchange {
    const exchange = this.#exchange(facts, host, async () => undefined);
    exchange.openPart()(text);
    if (usage !== undefined)
      exchange.progress({ type: "usage", usage: { inputTokens: usage.input, outputTokens: usage.output } });
    exchange.end(outcome);
    return exchange;
  }
}

/** The message was taken: that its place is taken is kept, or a later branch would be taken for what comes next. */
async function hold({ claim }: Place, { logger }: PlatformHost): Promise<void> {
  try {
    await claim?.hold();
  } catch (error) {
    logger.warn(`What goes on from a response could not be noted: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function offered(host: PlatformHost, offer: () => Promise<readonly Acceptance[]>): Promise<Acceptance | undefined> {
  try {
    return (await offer())[0];
  } catch (error) {
    // Why nothing is taken the gateway says itself, once and not for each request.
    host.logger.debug(`A request was not taken (${error instanceof Error ? error.name : typeof error})`);
    throw notNow(503, "not_taken", "The gateway takes nothing new for now: try again later", 5);
  }
}

function refused(isBusy: boolean): ApiError {
  return isBusy
    ? notNow(429, "session_busy", "Too many requests of this session wait already: try again later", 5)
    : new ApiError({ status: 403, code: "not_allowed", message: "The gateway does not let this caller in" });
}

function lostAnswer(): ApiError {
  return new ApiError({
    status: 409,
    code: "idempotency_answer_lost",
    message: "A request with this Idempotency-Key was taken before, and its answer is not kept: ask again with a new key",
    headers: { "x-should-retry": "false" },
  });
}

function repeatableOf({ request, caller, session, idempotencyKey, body }: Call): Repeatable | undefined {
  if (idempotencyKey === undefined) return undefined;
  const about = JSON.stringify([request.api, session?.chatId ?? null, hash("sha256", body)]);
  return { caller, idempotencyKey, fingerprint: hash("sha256", about) };
}

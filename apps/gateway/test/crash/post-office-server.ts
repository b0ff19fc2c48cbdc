import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What a post office can do about letters that change, and about those nobody knows whether they were sent. */
export interface PostOfficeAbilities {
  /** `edit`: letters can be changed. `final`: they cannot. `stream`: they may grow for a while, natively. */
  readonly style: "edit" | "final" | "stream";
  readonly tells: "not at all" | "drops repetitions" | "answers";
}

/** A letter that was put in, or one that stands there. */
export interface Letter {
  readonly id: string;
  readonly chat: string;
  text: string;
  readonly key?: string;
  isOpen?: boolean;
}

/** A platform's server on loopback: it keeps what comes in until it is acknowledged by a later offset, and shows what is sent. */
export interface PostOffice extends AsyncDisposable {
  readonly url: string;
  readonly abilities: PostOfficeAbilities;
  /** Side effects that an agent had, by name. */
  readonly effects: readonly string[];
  say(chat: string, text: string): void;
  texts(chat: string): readonly string[];
}

const maxWaitMs = 2000;
const maxLength = 2000;

/** Opens one on a free port. */
export async function openPostOffice(abilities: PostOfficeAbilities): Promise<PostOffice> {
  const office = new Office(abilities);
  const server = createServer((request, response) => void office.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(office, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      office.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

type Body = Readonly<Record<string, string | undefined>>;

class Office {
  readonly abilities: PostOfficeAbilities;
  readonly effects: string[] = [];
  readonly #inbox: Letter[] = [];
  readonly #standing: Letter[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(abilities: PostOfficeAbilities) {
    this.abilities = abilities;
  }

  say(chat: string, words: string): void {
    this.#inbox.push({ id: `in${this.#inbox.length + 1}`, chat, text: words });
    this.close();
  }

  texts(chat: string): readonly string[] {
    return this.#standing.filter((letter) => letter.chat === chat).map((letter) => letter.text);
  }

  /** Lets all who wait for letters go. */
  close(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const body = JSON.parse((await text(request)) || "{}") as Body;
    const [status, result] = path === "/letters" ? [200, await this.#letters(Number(body["after"]))] : this.#do(path, body);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(result));
  }

  async #letters(after: number): Promise<readonly Letter[]> {
    if (this.#inbox.length <= after) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        setTimeout(resolve, maxWaitMs).unref();
      });
    }
    return this.#inbox.slice(after);
  }

  #do(path: string, { chat = "", text: words = "", key = "", id = "" }: Body): readonly [number, unknown] {
    const letter = this.#standing.find((standing) => standing.id === id);
    const { style } = this.abilities;
    const isWritten = words.trim() !== "" && words.length <= maxLength;
    switch (path) {
      case "/send":
        if (!isWritten || chat === "" || key === "") return [422, {}];
        return [200, { id: this.#put(chat, words, key, false).id }];
      case "/find":
        return this.abilities.tells === "answers" ? [200, { id: this.#sent(key)?.id ?? null }] : [404, {}];
      case "/open":
        if (style !== "stream") return [404, {}];
        return [200, { id: this.#put(chat, "", key, true).id }];
      case "/edit":
        if (letter === undefined || style !== "edit") return [404, {}];
        if (!isWritten) return [422, {}];
        if (letter.text === words) return [409, {}];
        letter.text = words;
        return [200, {}];
      case "/grow":
      case "/finish":
        if (letter?.isOpen !== true || !isWritten || !words.startsWith(letter.text)) return [422, {}];
        letter.text = words;
        letter.isOpen = path === "/grow";
        return [200, {}];
      case "/effect":
        this.effects.push(words);
        return [200, {}];
      default:
        return [404, {}];
    }
  }

  #put(chat: string, words: string, key: string, isOpen: boolean): Letter {
    const before = this.abilities.tells === "drops repetitions" && !isOpen ? this.#sent(key) : undefined;
    if (before !== undefined) return before;
    const letter: Letter = { id: `out${this.#standing.length + 1}`, chat, text: words, key, isOpen };
    this.#standing.push(letter);
    return letter;
  }

  #sent(key: string): Letter | undefined {
    return this.#standing.find((letter) => letter.key === key && letter.isOpen !== true);
  }
}

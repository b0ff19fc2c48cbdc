import type { Client } from "./client.ts";
import { closeCodes } from "./client.ts";

interface Held {
  readonly clients: Set<Client>;
  readonly stopListening: () => void;
}

/** All connections, and those of each credential. */
export class Clients {
  readonly #all = new Set<Client>();
  /** One listener for each credential, however many connections it has. */
  readonly #byCredential = new Map<AbortSignal, Held>();

  #anonymous = 0;

  get count(): number {
    return this.#all.size;
  }

  /** Of those, the ones without a credential. */
  get anonymousCount(): number {
    return this.#anonymous;
  }

  /** false: its credential is no longer good, and it was closed. */
  add(client: Client): boolean {
    const ended = client.credential?.ended;
    if (ended?.aborted === true) {
      client.close(closeCodes.unauthorized, "the credential is no longer good");
      return false;
    }
    this.#all.add(client);
    if (ended === undefined) this.#anonymous += 1;
    else (this.#byCredential.get(ended) ?? this.#listen(ended)).clients.add(client);
    return true;
  }

  delete(client: Client): void {
    if (!this.#all.delete(client)) return;
    const ended = client.credential?.ended;
    if (ended === undefined) this.#anonymous -= 1;
    const held = ended === undefined ? undefined : this.#byCredential.get(ended);
    if (ended === undefined || held === undefined) return;
    held.clients.delete(client);
    if (held.clients.size > 0) return;
    held.stopListening();
    this.#byCredential.delete(ended);
  }

  close(code: number, reason: string): void {
    for (const client of this.#all) client.close(code, reason);
  }

  #listen(ended: AbortSignal): Held {
    const clients = new Set<Client>();
    const end = (): void => {
      for (const client of clients) client.close(closeCodes.unauthorized, "the credential is no longer good");
    };
    ended.addEventListener("abort", end, { once: true });
    const held: Held = { clients, stopListening: () => ended.removeEventListener("abort", end) };
    this.#byCredential.set(ended, held);
    return held;
  }
}

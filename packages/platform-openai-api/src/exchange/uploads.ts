import { randomUUID } from "node:crypto";
import { notNow } from "../api-error.ts";

const maxTotalBytes = 256_000_000;

/** Pictures that came in a request, for as long as it is answered. */
export class Uploads {
  readonly #bytes = new Map<string, Buffer>();
  #totalBytes = 0;

  /**
   * Keeps one and names it.
   *
   * @throws ApiError where too much is kept already.
   */
  add(base64: string, sizeBytes: number): string {
    if (this.#totalBytes + sizeBytes > maxTotalBytes)
      throw notNow(429, "too_many_images", "The images of other requests take all the room: try again later", 5);
    const id = randomUUID();
    this.#bytes.set(id, Buffer.from(base64, "base64"));
    this.#totalBytes += sizeBytes;
    return id;
  }

  get(id: string): Buffer | undefined {
    return this.#bytes.get(id);
  }

  remove(id: string): void {
    this.#totalBytes -= this.#bytes.get(id)?.byteLength ?? 0;
    this.#bytes.delete(id);
  }
}

import type { Head } from "./exchange.ts";
import type { HttpAnswer, HttpText } from "./call.ts";
import { codeOf, HttpFailure } from "./http-failure.ts";

const maxTextBytes = 32 * 1024 * 1024;

/** An answer whose body is read as it comes. */
export function answerOf({ request, response, why }: Head): HttpAnswer {
  const announced = Number(response.headers["content-length"] ?? Number.NaN);
  // Until somebody reads, what goes wrong is kept for the first read.
  let broken: Error | undefined;
  response.on("error", (error) => (broken ??= error));
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    sizeBytes: Number.isSafeInteger(announced) ? announced : undefined,
    async *chunks() {
      try {
        if (broken !== undefined) throw broken;
        for await (const chunk of response) yield chunk as Uint8Array;
      } catch (error) {
        throw failureOf(why() ?? error);
      } finally {
        // Whoever answers before the end of an upload wants no more of it.
        if (!request.writableEnded) request.destroy();
        response.destroy();
      }
    },
    discard() {
      request.destroy();
      response.destroy();
    },
  };
}

/** The whole answer; by events, which cost a third of what iterating does. */
export function textOf({ request, response, why }: Head): Promise<HttpText> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    response.on("data", (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= maxTextBytes) return void chunks.push(chunk);
      reject(new HttpFailure("TOO_LARGE", true));
      request.destroy();
    });
    response.on("error", (error) => reject(failureOf(why() ?? error)));
    response.on("end", () => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString("utf8") });
      if (!request.writableEnded) request.destroy();
    });
  });
}

/** Whoever answers has received what it wanted to. */
function failureOf(error: unknown): HttpFailure {
  return new HttpFailure(error instanceof HttpFailure ? error.code : codeOf(error), true);
}

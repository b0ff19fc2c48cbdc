import { isUtf8 } from "node:buffer";
import { ApiError, badRequest } from "../api-error.ts";

/**
 * The body of a request, no more of it read than the limit, whatever its headers say.
 *
 * @throws ApiError for one that is too large, or no JSON.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  const { headers, body } = request;
  if (!/^application\/json(?:\s*;|\s*$)/iu.test(headers.get("content-type") ?? "")) {
    throw new ApiError({
      status: 415,
      code: "unsupported_media_type",
      message: "Expected the header `content-type: application/json`",
    });
  }
  if (Number(headers.get("content-length")) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const reader = body?.getReader();
  for (let next = await read(reader); next !== undefined; next = await read(reader)) {
    sizeBytes += next.byteLength;
    if (sizeBytes > maxBytes) {
      // Not awaited: whoever sends without end is not waited for.
      void reader?.cancel().catch(() => undefined);
      throw tooLarge(maxBytes);
    }
    chunks.push(next);
  }
  return Buffer.concat(chunks, sizeBytes);
}

export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw badRequest("invalid_encoding", "Expected the body to be UTF-8");
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    // What the parser says quotes the body.
    throw badRequest("invalid_json", "Expected the body to be JSON");
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<Uint8Array | undefined> {
  try {
    return (await reader?.read())?.value;
  } catch {
    // Whoever sent it went away: nobody is there to be told more.
    throw badRequest("incomplete_body", "The body did not arrive as a whole");
  }
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError({
    status: 413,
    code: "body_too_large",
    message: `Expected a body of at most ${maxBytes} bytes`,
    // What is left of it is not read.
    headers: { connection: "close" },
  });
}

import { PlatformError, type PlatformHost } from "@hermes/core";

export interface ImageCall {
  /** The instance's id. */
  readonly platform: string;
  readonly host: Pick<PlatformHost, "fetch">;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Fetches a picture that a caller named by its address: the one call this platform makes.
 *
 * @throws PlatformError
 */
export async function fetchImage(
  address: string,
  { platform, host, maxBytes, signal }: ImageCall,
): Promise<ReadableStream<Uint8Array>> {
  const fail = (kind: "invalid" | "unavailable", why: string, cause?: unknown): PlatformError =>
    new PlatformError({ platform, failure: { kind }, message: `Cannot fetch an image: ${why}`, maybeDone: false, cause });
  let response: Response;
  try {
    response = await host.fetch(new Request(address, { headers: { accept: "image/*" }, signal }));
  } catch (error) {
    // Of the address a guard may not call its message says no more than the host.
    throw fail(error instanceof TypeError ? "invalid" : "unavailable", "its address cannot be called", error);
  }
  const refuse = async (kind: "invalid" | "unavailable", why: string): Promise<never> => {
    await response.body?.cancel();
    throw fail(kind, why);
  };
  if (!response.ok) return await refuse(response.status >= 500 ? "unavailable" : "invalid", `the server says ${response.status}`);
  const type = response.headers.get("content-type") ?? "";
  if (!/^(?:image\/|application\/octet-stream)/iu.test(type)) return await refuse("invalid", "what is there is no image");
  if (Number(response.headers.get("content-length")) > maxBytes) return await refuse("invalid", "it is too large");
  if (response.body === null) throw fail("invalid", "there is nothing there");
  return response.body.pipeThrough(limited(maxBytes, () => fail("invalid", "it is too large")));
}

/** Whatever a server says about its length, no more than this comes through. */
function limited(maxBytes: number, error: () => Error): TransformStream<Uint8Array, Uint8Array> {
  let sizeBytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) controller.error(error());
      else controller.enqueue(chunk);
    },
  });
}

/** A request's body as far as it could be read. `broken`: the sender went away, or it is not UTF-8. */
export type BodyText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "too-large" }
  | { readonly kind: "broken" };

/** Reads a webhook's body as text, and no more of it than `maxBytes`: whoever sends has shown little yet. */
export async function readBody(request: Request, maxBytes: number): Promise<BodyText> {
  if (Number(request.headers.get("content-length")) > maxBytes) return { kind: "too-large" };
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const reader = request.body?.getReader();
  let text = "";
  let sizeBytes = 0;
  try {
    for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
      sizeBytes += next.value.byteLength;
      if (sizeBytes > maxBytes) {
        // Not awaited: whoever sends without end is not waited for.
        void reader?.cancel().catch(() => undefined);
        return { kind: "too-large" };
      }
      text += decoder.decode(next.value, { stream: true });
    }
    return { kind: "text", text: text + decoder.decode() };
  } catch {
    // Nobody is there to be told more.
    return { kind: "broken" };
  }
}

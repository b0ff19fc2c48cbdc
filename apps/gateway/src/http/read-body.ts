/** A request's body as text; undefined when it is larger than `maxBytes`, breaks off, or is no UTF-8. */
export async function readBody(request: Request, maxBytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.byteLength;
      if (length > maxBytes) return undefined;
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch {
    return undefined;
  }
}

/** Whether a request says that its body is JSON: a page on a stranger's site cannot say so without being asked first. */
export function isJson(request: Request): boolean {
  return /^application\/json\s*(?:;|$)/iu.test(request.headers.get("content-type") ?? "");
}

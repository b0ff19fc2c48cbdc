import type { ClientRequest } from "node:http";
import type { UploadBody } from "./upload-body.ts";

/** Writes a body as fast as it is taken. Its last piece completes it: until that is written, nothing can have been done. */
export async function pump(
  body: UploadBody,
  request: ClientRequest,
  noteSent: () => void,
  fail: (error: Error) => void,
): Promise<void> {
  const gone = new AbortController();
  request.on("close", () => gone.abort());
  try {
    let last: Uint8Array | undefined;
    for await (const chunk of body.chunks(gone.signal)) {
      if (last !== undefined && !(await wrote(request, last))) return;
      last = chunk;
    }
    noteSent();
    request.end(last);
  } catch (error) {
    fail(error instanceof Error ? error : new Error("The source threw what is no error", { cause: error }));
  }
}

/** Whether the connection still takes more. */
async function wrote(request: ClientRequest, chunk: Uint8Array): Promise<boolean> {
  if (request.destroyed) return false;
  if (!request.write(chunk)) {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        request.off("drain", done).off("close", done);
        resolve();
      };
      request.on("drain", done).on("close", done);
    });
  }
  return !request.destroyed;
}

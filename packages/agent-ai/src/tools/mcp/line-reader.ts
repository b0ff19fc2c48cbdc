import { StringDecoder } from "node:string_decoder";

/** Takes bytes and gives lines. */
export interface LineReader {
  /** False: a line is longer than is read. */
  add(bytes: Uint8Array): boolean;
}

/** Gives every line that is not empty, without its end. No more than one line of `maxBytes` is held. */
export function createLineReader(maxBytes: number, onLine: (line: string) => void): LineReader {
  const decoder = new StringDecoder("utf8");
  let parts: string[] = [];
  let held = 0;
  return {
    add(bytes) {
      const pieces = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).split("\n");
      const last = pieces.pop() ?? "";
      for (const piece of pieces) {
        const line = [...parts, piece].join("").trim();
        parts = [];
        held = 0;
        if (line !== "") onLine(line);
      }
      parts.push(last);
      held += last.length;
      if (held <= maxBytes) return true;
      parts = [];
      held = 0;
      return false;
    },
  };
}

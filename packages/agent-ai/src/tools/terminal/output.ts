import { cleanText, headAndTail, isBinary } from "../clean-text.ts";

/** How much of a program's output the model sees. */
const shownCharacters = 30_000;
/** How much is kept of the beginning and of the end; between them nothing is. */
const keptBytes = 256 * 1024;

/** What a program says, of which the beginning and the end are kept. */
export interface Output {
  add(bytes: Uint8Array): void;
  /** As a person would read it: without colours and control characters, and with how much was left out. */
  text(): string;
}

/** An empty output. However much comes, it holds no more than half a megabyte. */
export function createOutput(): Output {
  const head: Uint8Array[] = [];
  const tail: Uint8Array[] = [];
  let headBytes = 0;
  let tailBytes = 0;
  let totalBytes = 0;
  return {
    add(bytes) {
      totalBytes += bytes.byteLength;
      const room = keptBytes - headBytes;
      if (room > 0) {
        head.push(bytes.subarray(0, room));
        headBytes += Math.min(room, bytes.byteLength);
      }
      const rest = bytes.subarray(Math.max(0, room));
      if (rest.byteLength === 0) return;
      tail.push(rest);
      tailBytes += rest.byteLength;
      while (tailBytes - (tail[0]?.byteLength ?? 0) >= keptBytes) tailBytes -= tail.shift()?.byteLength ?? 0;
    },
    text() {
      const first = Buffer.concat(head);
      if (isBinary(first)) return `[${totalBytes} bytes that are no text]`;
      const last = Buffer.concat(tail);
      const left = totalBytes - first.byteLength - last.byteLength;
      const decode = (bytes: Uint8Array): string => cleanText(new TextDecoder().decode(bytes));
      if (left === 0) return headAndTail(decode(Buffer.concat([first, last])), shownCharacters);
      const half = shownCharacters / 2;
      const [begin, end] = [decode(first).slice(0, half), decode(last).slice(-half)];
      return `${begin.toWellFormed()}\n[… most of ${totalBytes} bytes left out …]\n${end.toWellFormed()}`;
    },
  };
}

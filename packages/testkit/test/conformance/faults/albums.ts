import type { CaseName } from "../../../src/cases.ts";
import { maxCaptionLength } from "../../pigeon/world.ts";
import { connection, files, type Fault } from "./ways-to-be-bad.ts";

/** Faults in captions and albums. */
export const albumsFaults = {
  "a caption of exactly the longest length stands whole with its file": files(({ texts, files, ...rest }) => ({
    ...rest,
    files,
    texts: texts.map((text) => (text.length === maxCaptionLength ? text.slice(1) : text)),
  })),
  "a caption above the limit is refused as too-long, and nothing is shown": files(({ texts, ...rest }) => ({
    ...rest,
    texts: texts.map((text) => text.slice(0, maxCaptionLength)),
  })),
  "files that stand together keep their order, and send returns every message of theirs": connection((good) => ({
    async send(chat, message, options) {
      const sent = await good.send(chat, message, options);
      return message.files.length > 1 ? [sent[0]] : sent;
    },
  })),
  "files that may not stand together are refused as invalid, and none of them is shown": files(({ files, ...rest }) => ({
    ...rest,
    files: files.filter(({ kind }) => kind === files[0]?.kind).slice(0, 3),
  })),
} satisfies Partial<Record<CaseName, Fault>>;

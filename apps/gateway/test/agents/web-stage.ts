import { bearer, connect, type Talk } from "../doors/house.ts";
import type { SentFile, Shown, Stage } from "./stage.ts";

const token = "an-admin-token-for-tests-of-agents";

/** The gateway's own door by WebSocket, with the one conversation of whoever holds the token. */
export interface WebStage extends Stage {
  /** Its token, for `server.token`. */
  readonly token: string;
}

type Told = Readonly<Record<string, unknown>>;

/** Comes to life when a gateway is ready; what an earlier one has told stays told. */
export function webStage(): WebStage {
  const talks: Talk[] = [];
  let address = "";
  let sessionKey = "";
  const talking = (): Talk => talks.at(-1) ?? missing();
  return {
    name: "web",
    token,
    ada: "web:owner",
    direct: "origin",
    secrets: [token],
    async join(url) {
      address = url;
      talks.push(await connect(url, bearer(token)));
      if (sessionKey !== "") await talking().ask("session.subscribe", { session_key: sessionKey });
    },
    async says(text, { file } = {}) {
      const attachments = file === undefined ? [] : [await upload(address, file)];
      const answer = await talking().ask("chat.send_stream", { text, attachments });
      if (answer.error !== undefined) throw new Error(answer.error.message);
      sessionKey = (answer.result as { readonly session_key: string }).session_key;
    },
    standing: async () => textsIn(talks.flatMap(({ events }) => events)).map((text): Shown => ({ text, buttons: [], files: [] })),
    presses: async () => missing(),
    told: () => [],
  };
}

/** What was told, put together as whoever listens puts it: a text for each part of an answer, and for each notice. */
function textsIn(events: readonly Told[]): readonly string[] {
  const texts = new Map<string, string>();
  for (const event of events) {
    const { type, message_id: id, part = 0, delta, text } = event;
    const name = `${String(id)} ${String(part)}`;
    if (type === "chat.delta") texts.set(name, `${texts.get(name) ?? ""}${String(delta)}`);
    else if (type === "chat.part" || type === "chat.notice") texts.set(name, String(text));
    else if (type === "chat.done" && typeof text === "string") {
      // All of it, in the place of its parts.
      for (const known of texts.keys()) if (known.startsWith(`${String(id)} `)) texts.delete(known);
      texts.set(`${String(id)} 0`, text);
    }
  }
  return [...texts.values()].map((text) => text.trim());
}

async function upload(url: string, { name, mimeType, bytes }: SentFile): Promise<string> {
  const response = await fetch(`${url}/v1/files?name=${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { ...bearer(token), "content-type": mimeType },
    body: new Uint8Array(bytes),
  });
  return ((await response.json()) as { readonly id: string }).id;
}

function missing(): never {
  throw new Error("The gateway's own door does not have that, or is not there yet");
}

// `hermes gateway run` with an agent that takes and gives everything Telegram has, for tests of the whole way.
import { createHash } from "node:crypto";
import type { AgentEvent, OutboundFile, Turn } from "@hermes/core";
import { text } from "@hermes/core";
import { askTheWay } from "../ask-the-way.ts";
import { runGateway } from "../../src/cli/gateway-run.ts";
import { longAnswer, pictures, report } from "./shown.ts";

async function* answer(turn: Turn): AsyncGenerator<AgentEvent> {
  const [{ text: said, attachments }] = turn.input;
  const all = turn.input.flatMap((input) => input.attachments);
  if (attachments.length > 0) return yield text(await describe(turn, all));
  switch (said.replace(/^@\w+ /u, "")) {
    case "photo":
      return yield { type: "file", file: outbound("image", "chart.png", "image/png", pictures[0]) };
    case "album":
      return yield { type: "album", files: pictures.map((bytes, index) => picture(index, bytes)), caption: "All *three*" };
    case "document":
      yield text("Here it is.");
      return yield { type: "file", file: outbound("file", "report.csv", "text/csv", report), caption: "All of **today**" };
    case "ask":
      return yield text(`chosen: ${await askTheWay(turn)}`);
    case "write":
      return yield* inPieces(longAnswer, turn.signal);
    default:
      return yield text(`echo: ${said}`);
  }
}

async function describe(turn: Turn, attachments: Turn["input"][0]["attachments"]): Promise<string> {
  const lines = attachments.map(async (attachment) => {
    const bytes = new Uint8Array(await new Response(await turn.download(attachment)).arrayBuffer());
    return `${attachment.kind} ${attachment.name ?? "unnamed"} ${createHash("sha256").update(bytes).digest("hex")}`;
  });
  return (await Promise.all(lines)).join("\n");
}

function picture(index: number, bytes: Uint8Array): OutboundFile {
  return outbound("image", `${index}.png`, "image/png", bytes);
}

function outbound(kind: OutboundFile["kind"], name: string, mimeType: string, bytes: Uint8Array): OutboundFile {
  const open = async (): Promise<ReadableStream<Uint8Array>> => new Blob([new Uint8Array(bytes)]).stream();
  return { kind, name, mimeType, sizeBytes: bytes.length, open };
}

/** Some two seconds for the whole, as a quick model writes it. */
async function* inPieces(whole: string, signal: AbortSignal): AsyncGenerator<AgentEvent> {
  const step = Math.ceil(whole.length / 40);
  for (let from = 0; from < whole.length && !signal.aborted; from += step) {
    yield text(whole.slice(from, from + step));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

await runGateway(answer);

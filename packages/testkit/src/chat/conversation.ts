import type { Action, MessageRef, OutboundFile } from "@hermes/core";

/** One thing that happened in a chat. */
export type Happening =
  | { readonly by: "person"; readonly who: string; readonly did: string }
  | { readonly by: "bot"; readonly message: BotMessage }
  | { readonly by: "bot"; readonly did: string };

/** A message of the bot as it stands in the chat. */
export interface BotMessage {
  readonly ref: MessageRef;
  /** Markdown, as the agent wrote it. */
  readonly text: string;
  readonly buttons: readonly string[];
  readonly files: readonly BotFile[];
  /** The id of the message it answers. */
  readonly quotes?: string;
  readonly silent: boolean;
}

export interface BotFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** What the chat keeps of a bot's message. */
export interface Standing extends BotMessage {
  text: string;
  buttons: readonly string[];
  actions: readonly Action[];
  isRemoved: boolean;
}

/** The whole of a file that the bot sends. */
export async function readFile(file: OutboundFile): Promise<BotFile> {
  const bytes = await new Response(await file.open()).bytes();
  return { name: file.name, mimeType: file.mimeType, bytes };
}

import type { Turn } from "@hermes/core";
import { z } from "zod";
import type { Tool, ToolSource } from "../../tool.ts";
import { asData } from "../as-data.ts";
import { defineTool, done, failed } from "../define-tool.ts";
import { ownSource } from "../own-source.ts";
import { hashOf, ownerOf, type MemoryOwner } from "./owner.ts";
import { entrySeparator, memoryLimits, type MemoryChange, type MemoryNotes, type MemoryProvider } from "./provider.ts";
import type { Snapshots } from "./snapshots.ts";

const input = z.strictObject({
  action: z.enum(["add", "replace", "remove", "read"]),
  target: z.enum(["memory", "user"]).describe("`memory`: what you learnt. `user`: who you talk to."),
  text: z.string().max(4000).optional().describe("The note, for `add` and `replace`."),
  old_text: z.string().max(4000).optional().describe("A part of the note that is meant, for `replace` and `remove`."),
});

/** The memory: a tool that changes notes, and the notes in the prompt as they were when the conversation began. */
export function memorySource(provider: MemoryProvider, snapshots: Snapshots): ToolSource {
  const nameOf = (turn: Turn, who: MemoryOwner): string => hashOf("snapshot", turn.session.id, who.kind, who.id);
  return ownSource([memoryTool(provider)], {
    async instructions(turn, sets) {
      if (!sets.includes("memory")) return "";
      const who = ownerOf(turn);
      return await snapshots.keep(nameOf(turn, who), async () => instructionsFor(await provider.read(who)));
    },
    async flush(turn) {
      await provider.flush(turn);
      // What is said from now on begins anew, with the notes as they are by then.
      await snapshots.drop(nameOf(turn, ownerOf(turn)));
    },
  });
}

function memoryTool(provider: MemoryProvider): Tool {
  return defineTool({
    name: "memory",
    set: "memory",
    description:
      "Notes facts for later conversations: short, in plain words, one for each note. What is noted stands in the prompt of the next " +
      "conversation, not of this one.",
    input,
    title: ({ action, target }) => `${action === "read" ? "Read" : "Change"} the notes (${target})`,
    effect: ({ action }) => (action === "read" ? "none" : "once"),
    async run(wanted, { turn }) {
      const who = ownerOf(turn);
      if (wanted.action === "read") return done(shown(await provider.read(who), wanted.target));
      const change = changeOf(wanted);
      if (typeof change === "string") return failed(change);
      const changed = await provider.change(who, change);
      return "refusal" in changed ? failed(changed.refusal) : done(`Done.\n${shown(changed.notes, wanted.target)}`);
    },
  });
}

function changeOf({ action, target, text, old_text: old }: z.output<typeof input>): MemoryChange | string {
  if (action !== "remove" && text === undefined) return `\`${action}\` needs a \`text\`.`;
  if (action !== "add" && old === undefined) return `\`${action}\` needs an \`old_text\`.`;
  switch (action) {
    case "add":
      return { action, target, text: text ?? "" };
    case "replace":
      return { action, target, old: old ?? "", text: text ?? "" };
    case "remove":
      return { action, target, old: old ?? "" };
    case "read":
      return "Reading changes nothing.";
  }
}

function shown(notes: MemoryNotes, target: "memory" | "user"): string {
  const text = notes[target].join(entrySeparator);
  if (text === "") return "Nothing is noted.";
  return `${text.length} of ${memoryLimits[target]} characters are used.\n${asData(`notes (${target})`, text)}`;
}

function instructionsFor(notes: MemoryNotes): string {
  const parts = (["memory", "user"] as const).flatMap((target) => (notes[target].length === 0 ? [] : [shown(notes, target)]));
  return parts.length === 0
    ? ""
    : `What you noted in earlier conversations, as it was when this one began:\n\n${parts.join("\n\n")}`;
}

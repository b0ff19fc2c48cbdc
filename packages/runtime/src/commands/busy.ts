import { parseBusyMode } from "../busy/busy-mode.ts";
import type { Command } from "./command.ts";

/** Chooses what happens when somebody writes while they are being answered. */
export const busyCommand: Command = {
  name: "busy",
  aliases: [],
  usage: "[interrupt|queue|steer|default]",
  description: (catalogue) => catalogue.busy.helpBusy,
  async run({ session, arguments: given, catalogue: { busy } }) {
    if (given === "") return busy.modeIs(session.busy.mode);
    const words = given.toLowerCase().split(/\s+/u);
    const scope = words[0] === "chat" ? "chat" : "session";
    const [name = "", ...rest] = scope === "chat" ? words.slice(1) : words;
    if (rest.length > 0) return busy.busyUsage;
    const mode = parseBusyMode(name);
    if (mode === undefined && name !== "default") return busy.busyUsage;
    // In private the chat is nobody else's.
    if (scope === "chat" && session.event.chat.type !== "dm" && !session.isAdmin) return busy.chatIsForAdmins;
    await session.busy.choose(scope, mode);
    return mode === undefined ? busy.modeBack(session.busy.mode) : busy.modeSet(mode, scope);
  },
};

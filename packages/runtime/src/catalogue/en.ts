import { agentsEnglish } from "./agent-words.ts";
import { backlogEnglish } from "./backlog-words.ts";
import { busyEnglish } from "./busy-words.ts";
import { buttonsEnglish } from "./button-words.ts";
import type { Catalogue } from "./catalogue.ts";
import { deliveryEnglish } from "./delivery-words.ts";
import { supervisionEnglish } from "./supervision-words.ts";
import { restartEnglish } from "./restart-words.ts";

const dropped = (count: number): string =>
  count === 0 ? "" : count === 1 ? " One waiting message was dropped." : ` ${count} waiting messages were dropped.`;

/** What the gateway says in English. */
export const english: Catalogue = {
  agents: agentsEnglish,
  backlog: backlogEnglish,
  busy: busyEnglish,
  buttons: buttonsEnglish,
  delivery: deliveryEnglish,
  supervision: supervisionEnglish,
  restart: restartEnglish,
  repeatMark: "(This may be a repetition.)",
  undelivered: "A part of this answer could not be delivered.",
  uncertain: "I cannot tell whether a part of this answer arrived. Send /retry to have it repeated.",
  fileRefused: (name) => `The file \`${name}\` cannot be sent here.`,
  agentFailed: "Something went wrong while I was answering. Please try again.",
  restartInterrupted: "I was restarted while I was working on this and did not repeat what I had begun. Please say how to go on.",
  restartShown: "I was restarted while I was answering. /retry lets me answer again.",
  chooseOne: "Answer with a number or a name from this list.",
  approve: "Yes",
  deny: "No",
  helpRetry: "repeat what was interrupted or did not arrive",
  retried: "Once more, then.",
  nothingToRetry: "There is nothing to repeat.",
  queueFull: (waiting) =>
    `${waiting} messages are waiting already, so I did not take this one. Please send it again later, or /stop.`,
  ownerNow: "You are the owner of this gateway now. /help lists what I understand.",
  unknownCommand: (name) => `I do not know /${name}. /help lists what I understand.`,
  commandFailed: (name) => `/${name} did not work. Please try again.`,
  forAdminsOnly: (name) => `/${name} is for those who look after this gateway.`,
  helpHeading: "Write to me, or use:",
  helpNew: "start a new conversation",
  helpStop: "stop what I am doing",
  helpStatus: "what is going on",
  helpWhoami: "how I know you",
  helpHelp: "this list",
  newSession: (count) => `New conversation.${dropped(count)}`,
  stopped: (count) => `Stopped.${dropped(count)}`,
  nothingToStop: (count) => `Nothing was running.${dropped(count)}`,
  status: ({ running, waiting, busyMode, sessionId, platform }) =>
    [
      running ? "Working on an answer." : "Idle.",
      `Waiting messages: ${waiting}`,
      `When you write meanwhile: ${busyMode}`,
      `Platform: ${platform}`,
      `Conversation: ${sessionId ?? "none yet"}`,
    ].join("\n"),
  whoami: ({ platform, userId, rule, sessionKey }) =>
    [`You are \`${platform}:${userId}\`.`, `Let in by: ${rule}`, `Conversation key: \`${sessionKey}\``].join("\n"),
};

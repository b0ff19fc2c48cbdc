import type { KeyFact } from "./key-fact.ts";

/** Keys of the gateway itself that are about agents; what else stands under `agents.<name>` is the agent's. */
export const agentGatewayKeys = [
  {
    key: "agents.main.use",
    type: "text",
    default: "echo",
    description:
      "The agent that answers: `echo`, `ai` (a model with tools), `acp` (an agent of its own, such as Claude Code), or a third party's package. `agent.use` is short for it. docs/agents.md",
  },
  {
    key: "agents.main.inactivitySeconds",
    type: "count",
    least: 0,
    most: 86_400,
    default: 1800,
    description:
      "An answer ends when nothing is heard of its agent for so long; 0: never. `agent.inactivitySeconds` is short for it. docs/restart.md",
  },
  {
    key: "routes",
    type: "sections",
    description:
      "Where another of the `agents` answers than `main`: a list of `{ platform, chat, thread, user, agent }`. A thread counts before a chat, a chat before a person, a person before a platform. docs/agents.md",
  },
  {
    key: "approvals.approvers",
    type: "list",
    default: [],
    description:
      "Who may approve what an agent wants to do and is dangerous; written as in `access.allow`. Default: whoever asked for it. docs/agents.md",
  },
  {
    key: "approvals.timeoutSeconds",
    type: "count",
    most: 86_400,
    default: 300,
    description: "How long that is waited for; then it is refused.",
  },
  {
    key: "display.toolProgress",
    type: "choice",
    choices: ["off", "new", "all", "verbose"],
    description:
      "What is shown of an agent's work in a chat, in one message that grows: `new` a line for each tool, `all` for each use of one, `verbose` also what it was given. Default: what suits the platform. docs/agents.md",
  },
  {
    key: "display.cleanUpProgress",
    type: "flag",
    default: false,
    description: "Takes that message away when the answer is complete.",
  },
] as const satisfies readonly KeyFact[];

import type { AgentFacts } from "./agent-facts.ts";

/** What is missing and how to get it: agents are logged in to by hand, in a terminal, and never through a chat. */
export function loginHint(logins: AgentFacts["logins"]): string {
  const ways = logins.map(({ name, description }) => (description === undefined ? name : `${name} (${description})`));
  const offered = ways.length === 0 ? "" : ` It offers: ${ways.join("; ")}.`;
  return (
    "wants a login first. Run it once in a terminal as the user that the gateway runs as and log in there, " +
    `or give it its key in \`environment\`.${offered}`
  );
}

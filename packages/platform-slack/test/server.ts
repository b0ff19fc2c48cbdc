// Slack on loopback, as strict as the real one: for the tests of this package and of the gateway.
export { SlackServer, startSlackServer } from "./server/slack-server.ts";
export type { Said, SlackServerOptions } from "./server/slack-server.ts";
export { signed } from "./server/deliveries.ts";

// The server of models on loopback is a test's, published to nobody: this file is the only way to it.
export { startModelServer } from "../../../packages/agent-ai/test/server.ts";

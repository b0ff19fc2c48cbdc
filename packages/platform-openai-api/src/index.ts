export { openaiApi } from "./openai-api.ts";
export type { OpenAiApiOptions, OpenAiApiSurroundings } from "./openai-api.ts";
export type { OpenAiMessage, OpenAiRequest } from "./decode/request.ts";

export { decodeChatCompletion } from "./decode/chat-completion.ts";
export { decodeResponse } from "./decode/response.ts";
export type {
  DecodedMessage,
  DecodedRequest,
  ImagePart,
  MessageReference,
  OpenAiMessage,
  OpenAiRequest,
} from "./decode/request.ts";

import { refuse, type Refused } from "@hermes/testkit/server";
import type { ServerError } from "./script.ts";

/** An error with the body that OpenAI's own API sends. */
export function openAiError(error: ServerError): Refused {
  const headers =
    "retryAfterSeconds" in error && error.retryAfterSeconds !== undefined
      ? { "retry-after": String(error.retryAfterSeconds) }
      : {};
  return refuse(error.status, { error: bodyOf(error) }, headers);
}

function bodyOf(error: ServerError): Readonly<Record<string, unknown>> {
  switch (error.status) {
    case 400:
      if (error.code === "invalid_request")
        return { message: "Unsupported parameter.", type: "invalid_request_error", param: null, code: null };
      return {
        message:
          "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. Please reduce the length of the messages.",
        type: "invalid_request_error",
        param: "messages",
        code: "context_length_exceeded",
      };
    case 401:
      return {
        message:
          "Incorrect API key provided: sk-wrong. You can find your API key at https://platform.openai.com/account/api-keys.",
        type: "invalid_request_error",
        param: null,
        code: "invalid_api_key",
      };
    case 403:
      return {
        message: "Country, region, or territory not supported",
        type: "request_forbidden",
        param: null,
        code: "unsupported_country_region_territory",
      };
    case 404:
      return {
        message: "The model `x` does not exist or you do not have access to it.",
        type: "invalid_request_error",
        param: null,
        code: "model_not_found",
      };
    case 429:
      return { message: "Rate limit reached for requests", type: "requests", param: null, code: "rate_limit_exceeded" };
    case 500:
      return {
        message: "The server had an error while processing your request. Sorry about that!",
        type: "server_error",
        param: null,
        code: null,
      };
    case 503:
      return {
        message: "That model is currently overloaded with other requests.",
        type: "server_error",
        param: null,
        code: null,
      };
  }
}

import { expect, it } from "vitest";
import { createApiCheck } from "../../src/server.ts";

const document = {
  openapi: "3.0.0",
  paths: {
    "/chats/{id}/messages": {
      post: {
        requestBody: { $ref: "#/components/requestBodies/Message" },
        responses: {
          "201": { content: { "application/json": { schema: { $ref: "#/components/schemas/Message" } } } },
          "4XX": { content: { "application/json": { schema: { type: "object", required: ["error"] } } } },
        },
      },
      get: { responses: { default: {} } },
    },
    "/chats/all/messages": { post: { responses: { "204": {} } } },
  },
  components: {
    requestBodies: { Message: { content: { "application/json": { schema: { $ref: "#/components/schemas/Message" } } } } },
    schemas: {
      Message: {
        type: "object",
        required: ["text"],
        additionalProperties: false,
        properties: { text: { type: "string", maxLength: 5 }, replyTo: { type: "string", nullable: true } },
      },
    },
  },
};

it("A call is checked against an API's description", async () => {
  const check = await createApiCheck(document);
  const request = (body: unknown): string | undefined => check.request("POST", "/chats/7/messages", body);
  expect(request({ text: "hi", replyTo: null })).toBeUndefined();
  expect(request({ text: "too long" })).toContain("must NOT have more than 5 characters");
  expect(request({ text: "hi", extra: 1 })).toContain("must NOT have additional properties");
  expect(check.request("PUT", "/chats/7/messages", {})).toBe("there is no PUT /chats/7/messages");
  expect(check.request("GET", "/chats/7/messages", {})).toBe("GET /chats/7/messages takes no body");
});

it("An answer is checked against an API's description, by its status", async () => {
  const check = await createApiCheck(document);
  expect(check.response("POST", "/chats/7/messages", 201, { text: "hi" })).toBeUndefined();
  expect(check.response("POST", "/chats/7/messages", 201, {})).toContain("must have required property 'text'");
  expect(check.response("POST", "/chats/7/messages", 404, {})).toContain("must have required property 'error'");
  expect(check.response("POST", "/chats/7/messages", 500, {})).toBe("POST /chats/7/messages never answers 500");
  expect(check.response("GET", "/chats/7/messages", 500, {})).toBeUndefined();
});

it("An address as it is written goes before one with places to fill", async () => {
  const check = await createApiCheck(document);
  expect(check.request("POST", "/chats/all/messages", undefined)).toBeUndefined();
  expect(check.response("POST", "/chats/all/messages", 201, {})).toBe("POST /chats/all/messages never answers 201");
});

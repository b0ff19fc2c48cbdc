import type { ChatAnswer } from "@hermes/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isChatId, placeOf, placeToWrite } from "../src/decode.ts";
import { keyOf, startDoor } from "./set-up.ts";

const credential = { id: "c", userId: "ada", scope: "write", ended: new AbortController().signal } as const;

describe("Where somebody writes", () => {
  it("is their own first conversation, unless they name another one of theirs", async () => {
    const { connect } = await startDoor();
    const wire = await connect("ada");
    const keys: string[] = [];
    for (const session_key of [undefined, keyOf("ada"), keyOf("ada.travel-2")]) {
      const ask = session_key === undefined ? { text: "hi" } : { text: "hi", session_key };
      keys.push((await wire.call<ChatAnswer>("chat.send", ask)).session_key);
    }
    expect(keys).toEqual([keyOf("ada"), keyOf("ada"), keyOf("ada.travel-2")]);
  });

  it.each(["chat.send", "chat.send_stream", "chat.stop"])("is not somebody else's conversation: %s", async (method) => {
    const { connect } = await startDoor();
    const wire = await connect("ada");
    for (const chatId of ["eve", "eve.1", "ada2", "adaa.1", "root"]) {
      const params = { session_key: keyOf(chatId), ...(method === "chat.stop" ? {} : { text: "hi" }) };
      expect(await wire.refusal(method, params), chatId).toBe("forbidden");
    }
  });

  it("may be anybody's conversation for an administrator, who speaks as themselves", async () => {
    const { connect } = await startDoor();
    const [root, eve] = [await connect("root"), await connect("eve")];
    await eve.call("session.subscribe", { session_key: keyOf("eve") });
    expect((await root.call<ChatAnswer>("chat.send", { text: "hi", session_key: keyOf("eve") })).text).toBe("echo: hi");
    expect(eve.events[0]).toMatchObject({ type: "chat.message", author: "root" });
  });

  it("is not a conversation of another platform, which can only be read", async () => {
    const { connect } = await startDoor();
    const wire = await connect("root");
    const { error } = await wire.ask("chat.send", { text: "hi", session_key: "agent:main:telegram:dm:1" });
    expect(error).toMatchObject({ message: expect.stringContaining("can be read"), data: { kind: "invalid-params" } });
  });

  it("is nothing that could be taken for another key", () => {
    for (const rest of ["", "ada:x", "ada.", ".x", "ada.a.b", "a%3Ab", "ada ", "../x", "ada\n", "x".repeat(65)]) {
      expect(() => placeToWrite("web", keyOf(rest), { ...credential, scope: "admin" }), rest).toThrow();
    }
  });

  it("is the same whether it is named or built, for every id there can be", () => {
    const chatId = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64})?$/u);
    fc.assert(
      fc.property(chatId, fc.constantFrom("web", "my-web", "a:b%"), (id, platform) => {
        const place = placeOf(platform, id);
        expect(isChatId(id)).toBe(true);
        expect(placeToWrite(platform, place.sessionKey, { ...credential, scope: "admin" })).toEqual(place);
      }),
    );
  });

  it("is nowhere for a credential whose user id could be taken for somebody's conversation", async () => {
    const { door } = await startDoor();
    for (const userId of ["ada.1", "", "a:b", "x".repeat(65)]) {
      const caller = { scope: "write", credential: { ...credential, userId } } as const;
      await expect(door.handlers["chat.send"]({ text: "hi" }, caller), userId).rejects.toThrow(TypeError);
    }
  });

  it("is never reached with the scope `read`, nor without a credential", async () => {
    const { connect } = await startDoor();
    const [guest, nobody] = [await connect("guest"), await connect(null)];
    expect(await guest.refusal("chat.send", { text: "hi" })).toBe("forbidden");
    expect(await nobody.refusal("chat.send", { text: "hi" })).toBe("unauthorized");
    expect(await nobody.refusal("session.subscribe", { session_key: keyOf("ada") })).toBe("unauthorized");
    expect(await nobody.call("health")).toEqual({ status: "ok", ready: true });
  });
});

import { describe, expect, it } from "vitest";
import { addressOf, routeOf, type Route } from "../src/app/route.ts";
import { createPreferences } from "../src/app/preferences.ts";
import { completionsOf, moved } from "../src/chat/command-completion.ts";
import { createDrafts } from "../src/chat/drafts.ts";
import { isAnsweredHere, isOwnKey, newSessionKey, randomSuffix } from "../src/chat/session-key.ts";
import { codeOfFragment } from "../src/connection/session.ts";
import { readUploaded } from "../src/connection/upload.ts";
import { en } from "../src/i18n/en.ts";
import { errorSentence } from "../src/i18n/error-sentence.ts";
import { formatsOf } from "../src/i18n/formats.ts";
import { chooseLanguage } from "../src/i18n/languages.ts";
import { zhCn } from "../src/i18n/zh-cn.ts";
import { groupSessions } from "../src/sessions/group-sessions.ts";
import { foundPieces } from "../src/sessions/highlight-words.ts";
import { memoryStorage } from "./memory-storage.ts";
import { ConnectionLost } from "../src/connection/connection-lost.ts";
import { RpcError } from "@hermes/protocol";

describe("An address", () => {
  const routes: readonly Route[] = [
    { page: "chat", sessionKey: undefined },
    { page: "chat", sessionKey: "agent:main:web:dm:a%3Ab.x/y #1" },
    { page: "platforms" },
    { page: "deliveries", tab: "outgoing" },
    { page: "deliveries", tab: "incoming" },
    { page: "message", id: "agent:1/2?x#y %" },
    { page: "waiting" },
    { page: "access" },
  ];

  it.each(routes)("leads back to the place it is of: $page", (route) => {
    expect(routeOf(new URL(addressOf(route), "http://gateway"))).toEqual(route);
  });

  it("that is broken or unknown leads nowhere", () => {
    for (const address of ["/nowhere", "/deliveries/a/b", "/deliveries/%E0%A4%A"]) {
      expect(routeOf(new URL(address, "http://gateway")), address).toEqual({ page: "missing" });
    }
  });
});

describe("A sign-in link", () => {
  it("has its code in the fragment", () => {
    expect(codeOfFragment("#code=ABCD-1234")).toBe("ABCD-1234");
    for (const fragment of ["", "#chat=x", "#code=", "#code=%E0%A4%A", `#code=${"x".repeat(65)}`]) {
      expect(codeOfFragment(fragment), fragment).toBeUndefined();
    }
  });
});

describe("A new conversation", () => {
  it("has a key of its user, and cannot be of another one", () => {
    const key = newSessionKey("a:b%", "x");
    expect(key).toBe("agent:main:web:dm:a%3Ab%25.x");
    expect(isOwnKey(key, "a:b%")).toBe(true);
    expect(isOwnKey(newSessionKey("adam", "x"), "ada")).toBe(false);
  });

  it("has a suffix of ten characters", () => {
    expect(randomSuffix(new Uint8Array([0, 30, 31, 255, 1, 2, 3, 4, 5, 6, 7]))).toMatch(/^[a-z2-9]{10}$/u);
  });
});

describe("A conversation of another platform", () => {
  it("is not answered here", () => {
    expect(isAnsweredHere("agent:main:telegram:dm:1", "ada", { platform: "telegram", chatId: "1", type: "dm" })).toBe(false);
    expect(isAnsweredHere("agent:main:telegram:dm:1", "ada", undefined)).toBe(false);
    expect(isAnsweredHere("agent:main:web:dm:ada.x", "ada", undefined)).toBe(true);
  });
});

describe("Commands", () => {
  const commands = ["help", "stop", "status"].map((name) => ({ name, description: "" }));

  it("are offered while one is being written, and not in the middle of a text", () => {
    expect(completionsOf("/st", commands).map(({ name }) => name)).toEqual(["stop", "status"]);
    expect(completionsOf("/", commands)).toHaveLength(3);
    for (const text of ["", "st", "a /st", "/st x", "/stop"]) expect(completionsOf(text, commands), text).toEqual([]);
  });

  it("are gone through in a circle", () => {
    expect([moved(2, 1, 3), moved(0, -1, 3), moved(-1, 1, 3), moved(-1, -1, 3), moved(0, 1, 0)]).toEqual([0, 2, 0, 2, -1]);
  });
});

describe("A draft", () => {
  it("is kept for its conversation and its writer alone, until it is empty", () => {
    const storage = memoryStorage();
    const drafts = createDrafts("ada", storage);
    drafts.write("a", "text");
    expect([drafts.read("a"), drafts.read("b"), createDrafts("bob", storage).read("a")]).toEqual(["text", "", ""]);
    drafts.write("a", "");
    expect(drafts.read("a")).toBe("");
  });

  it("does not hinder writing where the storage is full", () => {
    const full = {
      ...memoryStorage(),
      setItem() {
        throw new DOMException("full", "QuotaExceededError");
      },
    };
    expect(() => createDrafts("ada", full).write("a", "text")).not.toThrow();
  });
});

describe("What was looked for", () => {
  const found = (text: string, query: string): readonly string[] =>
    foundPieces(text, query).flatMap(({ text, isFound }) => (isFound ? [text] : []));

  it("stands out as a whole, else by its words, and joins to the text", () => {
    expect(found("An Index is an index", "an index")).toEqual(["An Index", "an index"]);
    expect(found("slow index, slow list", "list slow")).toEqual(["slow", "slow", "list"]);
    expect(found("为什么事件列表慢", "事件")).toEqual(["事件"]);
    expect(
      foundPieces("a.b+c", ".b+")
        .map(({ text }) => text)
        .join(""),
    ).toBe("a.b+c");
  });

  it("is no pattern", () => {
    expect(found("a(b", "(")).toEqual(["("]);
    expect(found("aaa", ".*")).toEqual([]);
  });
});

describe("Conversations", () => {
  it("stand by the day something was last said", () => {
    const now = new Date(2026, 4, 20, 12);
    const row = (updated: Date) => ({
      session_key: "k",
      title: "",
      chat: { platform: "web", chatId: "1", type: "dm" as const },
      created_at: "",
      updated_at: updated.toISOString(),
      running: false,
    });
    const days = [new Date(2026, 4, 20, 0, 1), new Date(2026, 4, 19, 23, 59), new Date(2026, 4, 18), new Date(2026, 3, 1)];
    expect(groupSessions(days.map(row), now.getTime()).map(({ age }) => age)).toEqual(["today", "yesterday", "week", "older"]);
  });
});

describe("Preferences", () => {
  it("take the first language of the browser that the page speaks", () => {
    expect(chooseLanguage(null, ["fr", "zh-TW", "en"])).toBe("zh-CN");
    expect(chooseLanguage(null, ["fr"])).toBe("en");
    expect(chooseLanguage("zh-CN", ["en"])).toBe("zh-CN");
    expect(chooseLanguage("nonsense", ["en"])).toBe("en");
  });

  it("are shown on the root of the document and kept", () => {
    const storage = memoryStorage();
    const root: { dataset: Record<string, string | undefined>; lang: string } = { dataset: {}, lang: "" };
    const preferences = createPreferences(storage, root, ["en"]);
    preferences.chooseTheme("dark");
    preferences.chooseLanguage("zh-CN");
    expect(root).toEqual({ dataset: { theme: "dark" }, lang: "zh-CN" });
    expect(createPreferences(storage, root, ["en"]).theme.get()).toBe("dark");
  });
});

describe("Formats", () => {
  const { bytes, duration, ago, shortAgo } = formatsOf("en");

  it("say sizes and durations with their units", () => {
    expect([bytes(12), bytes(131_400_000)]).toEqual(["12 byte", "125.3 MB"]);
    expect([duration(0), duration(65_000), duration(90_000_000)]).toEqual(["0 sec", "1 min 5 sec", "1 day 1 hr"]);
  });

  it("say how long ago something was", () => {
    const now = Date.UTC(2026, 4, 20);
    expect([ago(now - 5_000, now), shortAgo(now - 7_200_000, now)]).toEqual(["5 sec. ago", "2h ago"]);
    expect(shortAgo(now - 30 * 86_400_000, now)).toMatch(/Apr/u);
  });
});

describe("An error", () => {
  it("is a sentence with what to do about it, in both languages", () => {
    expect(errorSentence(new RpcError("rate-limited", "Too much was asked", { retryAfterMs: 1500 }), en)).toBe(
      "Too much was asked. Wait 2 seconds, then try again.",
    );
    expect(errorSentence(new ConnectionLost(), zhCn)).toBe(zhCn.errors.connectionLost);
    expect(errorSentence(new TypeError("x is not a function"), en)).toBe(en.errors.unknown);
  });
});

describe("An upload", () => {
  it("is known by its id; what else the gateway says is taken where it makes sense", () => {
    expect(
      readUploaded({ id: "1", kind: "image", name: "a.png", mime_type: "image/png", size: 3, path: "/v1/files/1" }),
    ).toMatchObject({ kind: "image" });
    expect(readUploaded({ id: "1", kind: "hologram", size: "x" })).toEqual({ id: "1", kind: "file" });
    expect(readUploaded({ error: "no" })).toBeUndefined();
  });
});

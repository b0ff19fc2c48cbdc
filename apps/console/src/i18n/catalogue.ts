import type { PageWords } from "./page-words.ts";

/** Every sentence of the page. Each language has all of them, or it does not compile. */
export interface Catalogue extends PageWords {
  readonly app: {
    readonly name: string;
    readonly skip: string;
    readonly navigation: string;
    readonly menu: string;
    readonly menuName: string;
    readonly closeMenu: string;
    signedInAs(user: string): string;
    readonly account: string;
    readonly signOut: string;
    readonly shortcuts: string;
    readonly theme: string;
    readonly themes: Readonly<Record<"system" | "light" | "dark", string>>;
    readonly language: string;
    readonly languages: Readonly<Record<"en" | "zh-CN", string>>;
    readonly notFound: string;
    readonly notFoundText: string;
    readonly toChat: string;
    readonly crashed: string;
    readonly crashedText: string;
    readonly reload: string;
  };
  readonly common: {
    readonly cancel: string;
    readonly close: string;
    readonly retry: string;
    readonly copy: string;
    readonly copied: string;
    readonly copyFailed: string;
    readonly loadMore: string;
    readonly loading: string;
    readonly all: string;
    readonly never: string;
    readonly anyPlatform: string;
    readonly platform: string;
  };
  readonly errors: {
    readonly connectionLost: string;
    readonly unknown: string;
    retryAfter(seconds: number): string;
    readonly kinds: {
      readonly unauthorized: string;
      readonly forbidden: string;
      readonly unavailable: string;
      readonly internal: string;
      readonly "not-found": string;
      readonly "invalid-answer": string;
    };
  };
  readonly connection: {
    readonly connecting: string;
    waiting(seconds: number): string;
    readonly now: string;
    readonly back: string;
    readonly offline: string;
  };
  readonly signIn: {
    readonly title: string;
    readonly text: string;
    readonly code: string;
    readonly submit: string;
    readonly busy: string;
    readonly hint: string;
    readonly once: string;
    readonly outcomes: {
      readonly "wrong-code": string;
      readonly "too-many": string;
      readonly unreachable: string;
    };
    readonly unreachable: string;
    readonly unreachableText: string;
  };
  readonly pages: {
    readonly chat: string;
    readonly platforms: string;
    readonly deliveries: string;
    readonly waiting: string;
    readonly access: string;
    waitingCount(count: number): string;
  };
  readonly sessions: {
    readonly title: string;
    readonly newChat: string;
    readonly search: string;
    readonly empty: string;
    readonly emptyText: string;
    readonly groups: Readonly<Record<"today" | "yesterday" | "week" | "older", string>>;
    readonly untitled: string;
    readonly running: string;
    actions(title: string): string;
    readonly rename: string;
    readonly renameTitle: string;
    readonly renameLabel: string;
    readonly renameHint: string;
    readonly save: string;
    readonly remove: string;
    readonly removeTitle: string;
    removeText(title: string): string;
  };
  readonly chat: {
    readonly greeting: string;
    greetingText(agent: string): string;
    readonly agent: string;
    readonly composer: string;
    readonly placeholder: string;
    readonly send: string;
    readonly stop: string;
    readonly stopShort: string;
    readonly attach: string;
    removeFile(name: string): string;
    uploading(name: string, percent: number): string;
    readonly dropHere: string;
    readonly uploadFailures: {
      readonly "too-large": string;
      readonly refused: string;
      readonly unreachable: string;
    };
    readonly tooManyFiles: string;
    tooLong(most: number): string;
    readonly commands: string;
    commandCount(count: number): string;
    readonly keys: string;
    readonly messages: string;
    readonly you: string;
    readonly agentSays: string;
    readonly gatewaySays: string;
    readonly sending: string;
    readonly sendingOffline: string;
    readonly refused: string;
    readonly discard: string;
    readonly states: {
      readonly waiting: string;
      readonly running: string;
      readonly interrupted: string;
      readonly failed: string;
      readonly dropped: string;
    };
    readonly answerInterrupted: string;
    readonly answerFailed: string;
    readonly sendAgain: string;
    readonly thinking: string;
    readonly thoughts: string;
    stepsDone(count: number): string;
    stepsFailed(count: number): string;
    readonly stepStates: Readonly<Record<"running" | "done" | "failed", string>>;
    readonly copyAnswer: string;
    readonly showWay: string;
    readonly latest: string;
    readonly earlier: string;
    readonly loadEarlier: string;
    readonly begin: string;
    answeredOn(platform: string): string;
    readonly readOnly: string;
    answerFinished(text: string): string;
    readonly missing: string;
    downloadFile(name: string): string;
    readonly file: string;
  };
  readonly palette: {
    readonly title: string;
    readonly placeholder: string;
    readonly pages: string;
    readonly actions: string;
    readonly conversations: string;
    readonly messages: string;
    nothing(text: string): string;
    readonly searching: string;
    results(count: number): string;
    readonly keys: Readonly<Record<"move" | "open" | "close", string>>;
    readonly toggleTheme: string;
  };
  readonly shortcuts: {
    readonly title: string;
    readonly palette: string;
    readonly newChat: string;
    readonly composer: string;
    readonly stop: string;
    readonly help: string;
    readonly go: string;
    readonly send: string;
    readonly newLine: string;
    readonly sidebar: string;
  };
}

/** What is said about where the gateway says things by itself. */
export interface DeliveryWords {
  readonly helpSetHome: string;
  readonly homeIsHere: string;
  readonly homeIsNowhere: string;
  readonly homeWasNowhere: string;
  readonly homeIsConfigured: (chat: string) => string;
  readonly howToSetHome: string;
  /** A line of `/status`. */
  readonly homeLine: (place: "here" | "nowhere" | { readonly chat: string }) => string;
}

export const deliveryEnglish: DeliveryWords = {
  helpSetHome: "tell what concerns the gateway here; `off`: no longer",
  homeIsHere: "From now on I tell here what concerns the gateway on this platform.",
  homeIsNowhere: "This platform has no home channel any more.",
  homeWasNowhere: "This platform has no home channel.",
  homeIsConfigured: (chat) => `The home channel that the configuration names counts: ${chat}.`,
  howToSetHome: "Send /sethome in the chat that is to be the home channel, or /sethome off to have none.",
  homeLine: (place) =>
    `Home channel: ${place === "here" ? "this chat" : place === "nowhere" ? "none (/sethome makes this chat it)" : place.chat}`,
};

export const deliveryChinese: DeliveryWords = {
  helpSetHome: "在此聊天中接收网关通知；`off` 表示不再接收",
  homeIsHere: "以后我会在这里通知此平台上与网关有关的事情。",
  homeIsNowhere: "此平台不再有通知聊天。",
  homeWasNowhere: "此平台没有通知聊天。",
  homeIsConfigured: (chat) => `现在以配置中的通知聊天为准：${chat}。`,
  howToSetHome: "在要接收通知的聊天中发送 /sethome，或发送 /sethome off 取消。",
  homeLine: (place) =>
    `通知聊天：${place === "here" ? "此聊天" : place === "nowhere" ? "无（发送 /sethome 可设为此聊天）" : place.chat}`,
};

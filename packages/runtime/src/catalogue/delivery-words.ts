/** What is said about where the gateway says things by itself. */
export interface DeliveryWords {
  readonly helpSetHome: string;
  readonly homeIsHere: string;
}

export const deliveryEnglish: DeliveryWords = {
  helpSetHome: "tell what concerns the gateway here",
  homeIsHere: "From now on I tell here what concerns the gateway on this platform.",
};

export const deliveryChinese: DeliveryWords = {
  helpSetHome: "在此聊天中接收网关通知",
  homeIsHere: "以后我会在这里通知此平台上与网关有关的事情。",
};

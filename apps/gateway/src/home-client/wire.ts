/** A connection that carries texts both ways. */
export interface Wire {
  /** Rejects when the connection is over. */
  send(text: string): Promise<void>;
  /** Ends when the connection is over. */
  readonly messages: AsyncIterable<string>;
  close(): void;
}

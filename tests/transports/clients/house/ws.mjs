// The official graphql-ws client.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { streaming } from "./streaming.mjs";

export function connect({ socket, token }) {
  const connectionParams = { Authorization: `Bearer ${token}` };
  return streaming(createClient({ url: socket, webSocketImpl: WebSocket, connectionParams, retryAttempts: token === "forged" ? 0 : 5, retryWait: async () => {} }));
}

// The official graphql-sse client, in distinct connections mode.
import { createClient } from "graphql-sse";
import { streaming } from "./streaming.mjs";

export function connect({ url, token }) {
  return streaming(createClient({ url, headers: { Authorization: `Bearer ${token}` }, retry: async () => {} }));
}

// A browser's own EventSource (Node's; it can send no headers, so it hears what visitors may): GET, and it comes back by itself.
import { answered } from "./answers.mjs";

const address = (url, query, variables) =>
  `${url}?${new URLSearchParams({ query, variables: JSON.stringify(variables ?? {}) })}`;

export const connect = ({ url }) => ({
  listen: (query, variables, heard) => {
    const source = new EventSource(address(url, query, variables));
    source.addEventListener("next", ({ data, lastEventId }) => {
      const result = JSON.parse(data);
      heard({ ...answered(result.data, result.errors), lastEventId });
    });
  },
});

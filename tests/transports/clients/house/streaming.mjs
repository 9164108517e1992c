// What graphql-ws and graphql-sse have in common: everything goes by `subscribe`, and what it sends is read at each connection.
import { answered } from "./answers.mjs";

export const streaming = (client) => ({
  ask: (query, variables) =>
    new Promise((resolve, reject) => {
      let told;
      client.subscribe({ query, variables }, {
        next: ({ data, errors }) => (told = answered(data, errors)),
        error: (error) => (Array.isArray(error) ? resolve(answered(null, error)) : refused(error).then(resolve, reject)),
        complete: () => resolve(told),
      });
    }),
  listen: (query, variables, heard) =>
    client.subscribe({ query, variables }, {
      next: ({ data, errors }) => {
        // The cursor is kept after applying: whoever reconnects resumes there.
        variables.after = data?.eventPostponed.cursor ?? variables.after;
        heard(answered(data, errors));
      },
      error: (error) => heard({ error: String(error) }),
      complete: () => heard({ complete: true }),
    }),
});

// Before anything is executed graphql-sse is told by a status with a body, graphql-ws by a close.
async function refused(error) {
  if (error.response) return answered(null, (await error.response.json()).errors);
  if (error.code) return { data: null, errors: [{ message: error.reason, code: error.code }] };
  throw error;
}

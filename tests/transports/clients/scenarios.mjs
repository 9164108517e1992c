// The same scenarios for both streaming clients; `run` collects what one operation yields and how it ends.
export async function run(client, query, { variables, take = Infinity } = {}) {
  const heard = [];
  try {
    for await (const result of client.iterate({ query, variables })) {
      heard.push(result);
      if (heard.length >= take) break;
    }
    return { heard };
  } catch (error) {
    return { heard, error: describe(error) };
  }
}

function describe(error) {
  if (Array.isArray(error)) return error.map(({ message }) => message);
  if (error.code) return { code: error.code, reason: error.reason };
  return { status: error.response?.status, message: error.message };
}

export async function all(client) {
  return {
    query: await run(client, "{ hello }"),
    mutation: await run(client, "mutation { act }"),
    fieldError: await run(client, "{ hello broken }"),
    syntaxError: await run(client, "{"),
    unknownField: await run(client, "subscription { nothing }"),
    refused: await run(client, "subscription { refused }"),
    subscription: await run(client, "subscription ($to: Int!) { count(to: $to) }", { variables: { to: 3 } }),
    left: await run(client, "subscription { forever }", { variables: { to: 2 }, take: 2 }),
    afterwards: await run(client, "{ whoAmI }"),
    ended: await run(client, "subscription { ended }", { variables: { to: 0 } }),
  };
}

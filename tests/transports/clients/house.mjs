// Lives through a morning at the house with one client (the file in house/ that is named), and prints a line for each thing
// it was told: {step, told}. The last thing is a subscription, which lasts until standard input ends.
const [name, given] = process.argv.slice(2);
const { url, token, event, head } = JSON.parse(given);
const { connect } = await import(`./house/${name}.mjs`);

const say = (step, told) => process.stdout.write(`${JSON.stringify({ step, told })}\n`);
const VIEWER = "query Who { viewer { account { id email } } }";
const NODES = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
const WRONG = "query Wrong { nothing }";
const POSTPONE = `
  mutation Postpone($input: PostponeEventInput!) {
    postponeEvent(input: $input) {
      __typename
      ... on Event { id status reason }
      ... on Missing { message }
    }
  }`;
const POSTPONED = `
  subscription Postponed($after: Cursor) {
    eventPostponed(after: $after) {
      __typename
      ... on EventPostponed { cursor reason event { id status } }
    }
  }`;

const client = connect({ url, socket: url.replace("http", "ws"), token });
const postponing = (eventId) => ({ input: { eventId, reason: name, idempotencyKey: `${eventId} ${head}` } });

say("viewer", await client.ask(VIEWER));
say("nodes", await client.ask(NODES, { ids: ["evt_unknown", event] }));
say("wrong", await client.ask(WRONG));
say("forged", await connect({ url, socket: url.replace("http", "ws"), token: "forged" }).ask(VIEWER));
say("missing", await client.ask(POSTPONE, postponing("evt_unknown")));
say("postponed", await client.ask(POSTPONE, postponing(event)));
client.listen(POSTPONED, { after: head }, (told) => say("heard", told));
process.stdin.resume().on("end", () => process.exit(0));

// graphql-ws on Node, as its own recipe for `ws` has it: one process, an event emitter behind the subscription.
import { EventEmitter, on } from 'node:events';
import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const schema = buildSchema(`
  type Query { ok: Boolean }
  type Event { id: ID! title: String! status: String! }
  type Moment { startsAt: String timeZone: String! }
  type EventPostponed { cursor: String! reason: String event: Event was: Moment now: Moment }
  type Subscription { eventPostponed: EventPostponed! }
`);
const told = new EventEmitter().setMaxListeners(0);
let subscribers = 0;
schema.getSubscriptionType().getFields().eventPostponed.subscribe = async function* () {
  subscribers += 1;
  try {
    for await (const [event] of on(told, 'event')) yield event;
  } finally {
    subscribers -= 1;
  }
};

const http = createServer((request, response) => {
  let body = '';
  request.on('data', (some) => (body += some));
  request.on('end', () => {
    if (request.method === 'POST') told.emit('event', JSON.parse(body));
    response.end(JSON.stringify({ subscribers }));
  });
});
useServer({ schema }, new WebSocketServer({ server: http, path: '/graphql' }));
http.listen(Number(process.env.ROTUNDA_PORT), '127.0.0.1');

// Mercurius as its documentation has it: Fastify, graphql-jit from the first repetition on, loaders for every edge, and
// node-postgres with named statements. Nobody is looked up and nothing is hidden: the account is a constant.
import { createHmac } from "node:crypto";
import Fastify from "fastify";
import { GraphQLScalarType } from "graphql";
import mercurius from "mercurius";
import pg from "pg";

const { BENCH_ACCOUNT, BENCH_CAPACITY, ROTUNDA_PORT, ROTUNDA_READERS, ROTUNDA_SECRET } = process.env;
const TIMESTAMP = 1114;
const DATE = 1082;
for (const kept of [TIMESTAMP, DATE]) pg.types.setTypeParser(kept, (text) => text);
const pool = new pg.Pool({ max: Number(ROTUNDA_READERS), min: Number(ROTUNDA_READERS) });

const schema = `
  scalar Instant
  scalar LocalTime
  scalar Day
  type Query {
    viewer: Viewer
    head: String!
    event(id: ID!): Event
    events(first: Int = 20, after: String, startsFrom: Instant, startsBefore: Instant): Events!
    cities(first: Int = 20, after: String, country: String, region: String, populationAtLeast: Int): Cities!
    group(id: ID!): Group
    thread(id: ID!): Thread
    resolutions(first: Int = 20): Resolutions!
  }
  type Resolutions { edges: [ResolutionEdge!]! pageInfo: PageInfo! }
  type ResolutionEdge { node: Resolution! }
  type Resolution { id: ID! title: String! status: String! sponsorCount: Int! sponsors(first: Int = 20): Sponsors! }
  type Sponsors { edges: [SponsorEdge!]! }
  type SponsorEdge { node: Sponsorship! }
  type Sponsorship { lead: Boolean! mayor: Mayor }
  type Group { id: ID! name: String! threads(first: Int = 20): Threads! }
  type Threads { edges: [ThreadEdge!]! pageInfo: PageInfo! }
  type ThreadEdge { node: Thread! }
  type Thread { id: ID! title: String! pinned: Boolean! postCount: Int! lastPost: Post posts(first: Int = 20): Posts! }
  type Posts { edges: [PostEdge!]! pageInfo: PageInfo! }
  type PostEdge { node: Post! }
  type Post { id: ID! number: Int! at: Instant! bodyHtml: String excerpt: String author: Author reactions: [Reactions!]! }
  type Author { name: String! forOffice: Boolean! mayor: Mayor }
  type Reactions { mark: String! count: Int! }
  type Viewer { account: Account capacity: Capacity capacities: [Capacity!]! }
  type Account { name: String! email: String secretariat: Boolean }
  type Capacity { id: ID! principal: Mayor }
  type Mayor { name: String! since: Day! city: City }
  type City { id: ID! slug: String! name: String! population: Int! timeZone: String! mayor: Mayor }
  type Cities { totalCount: Int! edges: [CityEdge!]! pageInfo: PageInfo! }
  type CityEdge { cursor: String! node: City! }
  type Events { edges: [EventEdge!]! pageInfo: PageInfo! }
  type EventEdge { cursor: String! node: Event! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Event {
    id: ID! title: String! status: String! version: Int! startsAt: Instant endsAt: Instant startsAtLocal: LocalTime
    endsAtLocal: LocalTime timeZone: String! location: String! reason: String previously: [EventMove!]!
  }
  type EventMove {
    status: String! startsAt: Instant startsAtLocal: LocalTime endsAtLocal: LocalTime timeZone: String! reason: String
    at: Instant!
  }
`;

async function rows(name, text, values) {
  return (await pool.query({ name, text, values })).rows;
}

function shown(prefix) {
  return ({ id }) => `${prefix}_${id.replaceAll("-", "")}`;
}

function sealed(label, keys) {
  const text = `["${keys[0]}", "${keys[1]}"]`;
  const mac = createHmac("sha256", ROTUNDA_SECRET).update(`${label}\x1f${text}`).digest().subarray(0, 8);
  return Buffer.concat([Buffer.from(text), mac]).toString("base64url");
}

function page(found, first, keys, label) {
  const edges = found.slice(0, first).map((node) => ({ node, cursor: sealed(label, keys(node)) }));
  return { edges, pageInfo: { hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
}

function cut(found, first) {
  return { edges: found.slice(0, first).map((node) => ({ node })), pageInfo: { hasNextPage: found.length > first } };
}

// In the order of the keys that were asked for, as loaders must answer.
async function each(queries, key, name, text) {
  const wanted = queries.map(({ obj }) => obj[key]);
  const found = new Map((await rows(name, text, [wanted.filter(Boolean)])).map((row) => [row.id, row]));
  return wanted.map((one) => found.get(one) ?? null);
}

async function grouped(queries, key, name, text) {
  const found = new Map(queries.map(({ obj }) => [obj[key], []]));
  for (const row of await rows(name, text, [[...found.keys()]])) found.get(row.of).push(row);
  return queries.map(({ obj }) => found.get(obj[key]));
}

const EVENT = `id, title, status, version, starts_at AS "startsAt", ends_at AS "endsAt", starts_wall AS "startsAtLocal",
  ends_wall AS "endsAtLocal", time_zone AS "timeZone", location, reason,
  to_json(coalesce(starts_at, 'infinity')) #>> '{}' AS key`;
const CITY = `id, slug, name, population, time_zone AS "timeZone", sort_name`;
const THREAD = `id, group_id AS "groupId", title, pinned, post_count AS "postCount", last_post_id AS "lastPostId"`;
const POST = `id, number, at, CASE WHEN stands THEN body_html END AS "bodyHtml", CASE WHEN stands THEN excerpt END AS excerpt,
  author_id AS "authorId", term_id AS "termId", for_office AS "forOffice"`;
const TERM = `t.id, p.name, lower(t.during) AS since, t.city_id AS "cityId"
  FROM terms t JOIN people p ON p.id = t.person_id`;
const ACCOUNT = `a.id, p.name, a.email, a.secretariat FROM accounts a JOIN people p ON p.id = a.person_id`;

const resolvers = {
  Query: {
    viewer: () => ({ id: BENCH_ACCOUNT, capacityId: BENCH_CAPACITY }),
    head: async () => (await rows("head", "SELECT log_cursor(log_head(), log_epoch()) AS head"))[0].head,
    event: async (_, { id }) =>
      (await rows("event", `SELECT ${EVENT} FROM events WHERE id = $1 AND status <> 'draft'`, [id.slice(4)]))[0],
    events: async (_, { first, startsFrom, startsBefore }) => {
      const clauses = ["status <> 'draft'"];
      const values = [first + 1];
      const start = "coalesce(starts_at, 'infinity')";
      if (startsFrom) clauses.push(`${start} >= $${values.push(startsFrom)}`);
      if (startsBefore) clauses.push(`${start} < $${values.push(startsBefore)}`);
      const text = `SELECT ${EVENT} FROM events WHERE ${clauses.join(" AND ")} ORDER BY ${start}, id LIMIT $1`;
      const found = await rows(`events${Boolean(startsFrom)}${Boolean(startsBefore)}`, text, values);
      const label = "Event:coalesce({row}.starts_at,infinity::timestamptz),{row}.id";
      return page(found, first, (event) => [event.key, event.id], label);
    },
    cities: async (_, { first, country, region, populationAtLeast }) => {
      const given = [country, region, populationAtLeast];
      const clauses = "country = $1 AND region = $2 AND population >= $3";
      const text = `SELECT ${CITY} FROM cities WHERE ${clauses} ORDER BY sort_name, id LIMIT $4`;
      const found = await rows("cities", text, [...given, first + 1]);
      const label = "City:{row}.sort_name,{row}.id";
      return { ...page(found, first, (city) => [city.sort_name, city.id], label), clauses, given };
    },
    group: async (_, { id }) => (await rows("group", `SELECT id, name FROM groups WHERE id = $1`, [id.slice(4)]))[0],
    thread: async (_, { id }) => (await rows("thread", `SELECT ${THREAD} FROM threads WHERE id = $1`, [id.slice(4)]))[0],
    resolutions: async (_, { first }) => {
      const text = `SELECT id, title, status, sponsor_count AS "sponsorCount" FROM resolutions WHERE opened_at IS NOT NULL
        ORDER BY -recency, id LIMIT $1`;
      return cut(await rows("resolutions", text, [first + 1]), first);
    },
  },
  Cities: {
    totalCount: async ({ clauses, given }) =>
      (await rows("count", `SELECT count(*)::int AS count FROM cities WHERE ${clauses}`, given))[0].count,
  },
  Group: {
    id: shown("grp"),
    threads: async ({ id }, { first }) => {
      const text = `SELECT ${THREAD} FROM threads WHERE group_id = $1 ORDER BY place, id LIMIT $2`;
      return cut(await rows("threads", text, [id, first + 1]), first);
    },
  },
  Thread: {
    id: shown("thr"),
    posts: async ({ id }, { first }) => {
      const text = `SELECT ${POST} FROM posts WHERE thread_id = $1 ORDER BY number LIMIT $2`;
      return cut(await rows("posts", text, [id, first + 1]), first);
    },
  },
  Post: { id: shown("pst") },
  Reactions: { mark: ({ mark }) => mark.toUpperCase() },
  Capacity: { id: shown("cap") },
  City: { id: shown("cit") },
  Resolution: { id: shown("res"), status: ({ status }) => status.toUpperCase() },
  Event: { id: shown("evt"), status: ({ status }) => status.toUpperCase() },
  EventMove: { status: ({ status }) => status.toUpperCase() },
};

const loaders = {
  Viewer: {
    account: (queries) => each(queries, "id", "accounts", `SELECT ${ACCOUNT} WHERE a.id = ANY ($1)`),
    capacity: (queries) =>
      each(queries, "capacityId", "capacity", `SELECT id, term_id AS "termId" FROM capacities WHERE id = ANY ($1)`),
    capacities: (queries) =>
      grouped(queries, "id", "capacities", `SELECT account_id AS "of", id, term_id AS "termId" FROM capacities
        WHERE account_id = ANY ($1) ORDER BY kind DESC, id`),
  },
  Capacity: { principal: (queries) => each(queries, "termId", "terms", `SELECT ${TERM} WHERE t.id = ANY ($1)`) },
  Mayor: { city: (queries) => each(queries, "cityId", "places", `SELECT ${CITY} FROM cities WHERE id = ANY ($1)`) },
  City: {
    mayor: async (queries) => {
      const text = `SELECT t.city_id AS "of", ${TERM} JOIN cities c ON c.id = t.city_id
        WHERE t.city_id = ANY ($1) AND t.during @> timezone(c.time_zone, now())::date`;
      return (await grouped(queries, "id", "mayors", text)).map(([mayor]) => mayor ?? null);
    },
  },
  Thread: {
    lastPost: (queries) => each(queries, "lastPostId", "last", `SELECT ${POST} FROM posts WHERE id = ANY ($1)`),
  },
  Post: {
    author: async (queries) => {
      const text = "SELECT a.id, p.name FROM accounts a JOIN people p ON p.id = a.person_id WHERE a.id = ANY ($1)";
      const found = await each(queries, "authorId", "authors", text);
      return found.map(({ name }, at) => ({ name, forOffice: queries[at].obj.forOffice, termId: queries[at].obj.termId }));
    },
    reactions: (queries) =>
      grouped(queries, "id", "reactions", `SELECT post_id AS "of", mark, count FROM reaction_tallies
        WHERE post_id = ANY ($1) ORDER BY post_id, count DESC, mark`),
  },
  Resolution: {
    sponsors: async (queries) => {
      const text = `SELECT resolution_id AS "of", lead, term_id AS "termId" FROM sponsorships
        WHERE resolution_id = ANY ($1) ORDER BY resolution_id, NOT lead, at, id`;
      const found = await grouped(queries, "id", "sponsors", text);
      return found.map((own, at) => cut(own, queries[at].params.first));
    },
  },
  Sponsorship: { mayor: (queries) => each(queries, "termId", "terms", `SELECT ${TERM} WHERE t.id = ANY ($1)`) },
  Author: { mayor: (queries) => each(queries, "termId", "terms", `SELECT ${TERM} WHERE t.id = ANY ($1)`) },
  Event: {
    previously: (queries) =>
      grouped(queries, "id", "moves", `SELECT event_id AS "of", status, starts_at AS "startsAt",
        starts_wall AS "startsAtLocal", ends_wall AS "endsAtLocal", time_zone AS "timeZone", reason, at
        FROM event_moves WHERE event_id = ANY ($1) AND status <> 'draft' ORDER BY event_id, revision DESC`),
  },
};

const app = Fastify({ logger: false });
app.register(mercurius, { schema, resolvers, loaders, jit: 1, graphiql: false });
await app.ready();
for (const [name, serialize] of Object.entries({
  Instant: (moment) => moment.toISOString(),
  LocalTime: (wall) => wall.slice(0, 16).replace(" ", "T"),
  Day: (day) => day,
})) {
  const scalar = app.graphql.schema.getType(name);
  if (scalar instanceof GraphQLScalarType) scalar.serialize = serialize;
}
await app.listen({ host: "127.0.0.1", port: Number(ROTUNDA_PORT) });
process.on("SIGTERM", () => process.exit(0));

"""The page a browser meets at `/graphql`: where the schema is and how to ask (GraphiQL comes later)."""

MEDIA = "text/html"
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rotunda's GraphQL API</title>
<style>
body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 38rem; margin: 4rem auto; padding: 0 1rem }
</style>
<h1>Rotunda's GraphQL API</h1>
<p>Every page of the portal is made of the same operations you can send here.</p>
<ul>
<li>The schema, each field explained, is <code>schema/schema.graphql</code> in the source;
<code>python -m rotunda schema</code> prints it.</li>
<li>Send queries and mutations by POST as <code>application/json</code>.</li>
<li>Subscribe over <code>graphql-transport-ws</code>,
or by POST with <code>Accept: text/event-stream</code>.</li>
<li>Say who you are with <code>Authorization: Bearer …</code>, and whom you act for with
<code>Rotunda-Acting-For: cap_…</code>.</li>
</ul>
</html>
""".encode()

HEADERS = (
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
)
